"""A synchronous `for` or `with` over what only an `async for` or an `async with` can take."""

import re

import libcst as cst

from async_lint.context import Context
from async_lint.inference.answer import Kind
from async_lint.model import Applicability, Fix, Position
from async_lint.rule import Finding
from async_lint.rules._evidence import grounds
from async_lint.rules._guards import expects_failure, is_asked_for, is_attempted

_SPACE = re.compile(r"(?:\s|\\|#[^\r\n]*)*")


def asynchronous_header(call: cst.Call, context: Context) -> Finding | None:
    """Return the finding for the visited call, when it is what a synchronous `for` or `with` goes through."""
    parent = context.parent()
    if isinstance(parent, cst.WithItem):
        header, kind, keyword = context.ancestors[-2], Kind.ASYNC_CONTEXT, "async with"
        assert isinstance(header, cst.With)
        happens = "it is entered by a plain `with`, which fails: it has no `__enter__`"
    elif isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is call:
        header, kind, keyword = parent, Kind.ASYNC_GENERATOR, "async for"
        happens = "a plain `for` iterates over it, which raises TypeError"
    else:
        return None
    if header.asynchronous is not None or context.kind_of(call).kind is not kind:
        return None
    if expects_failure(context) or is_asked_for(context) or is_attempted(context):
        return None
    message = f"{grounds(context.kind_of(call))}; {happens}"
    return Finding(context.span(call), message, _fix(header, keyword, context))


def _fix(header: cst.With | cst.For | cst.CompFor, keyword: str, context: Context) -> Fix | None:
    alone = not isinstance(header, cst.With) or len(header.items) == 1
    if not alone or not context.in_async_function(header):
        return None
    edit = context.insert(_keyword(header, context), "async ")
    return Fix(f"Use `{keyword}`", (edit,), Applicability.UNSAFE)


def _keyword(header: cst.With | cst.For | cst.CompFor, context: Context) -> Position:
    """Return where `with` or `for` stands: the span of a comprehension's clause begins with the space before it."""
    start = context.span(header).start
    space = _SPACE.match(context.code(header))
    lines = re.split("\r\n|\r|\n", space[0]) if space is not None else [""]
    column = len(lines[-1]) if len(lines) > 1 else start.column + len(lines[0])
    return Position(start.line + len(lines) - 1, column)
