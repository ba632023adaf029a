"""A synchronous `for` or `with` over what only an `async for` or an `async with` can take."""

import ast
import re
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Answer, Comprehension, Frame, Kind, Lack, ModuleView
from async_lint.model import Applicability, Fix, Position
from async_lint.rule import Finding
from async_lint.rules._shared.evidence import grounds
from async_lint.rules._shared.guards import expects_failure, is_asked_for, is_attempted

_MADE = (Kind.COROUTINE, Kind.ASYNC_GENERATOR, Kind.ASYNC_CONTEXT)
_PLAIN = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp, ast.Subscript)
_ENTERED = "it is entered by a plain `with`, which fails"
_ITERATED = "a plain `for` iterates over it, which raises TypeError"
_SPACE = re.compile(r"(?:\s|\\|#[^\r\n]*)*")


def could_go_through(node: ast.With | ast.For | Comprehension, facts: Facts) -> bool:
    """Whether a synchronous `with` or `for` goes through an object that has only the asynchronous methods."""
    if isinstance(node, ast.With):
        return any(_lack(item.context_expr, "__enter__", facts.frame, facts.view) is not None for item in node.items)
    loop = node if isinstance(node, ast.For) else node.generators[0]
    if isinstance(loop, ast.comprehension) and loop.is_async:
        return False
    return _lack(loop.iter, "__iter__", facts.frame, facts.view) is not None


def asynchronous_object(header: cst.With | cst.For | cst.CompFor, context: Context) -> Iterator[Finding]:
    """Yield what is wrong with a synchronous `with` or `for`: objects that have only the asynchronous methods."""
    # The names in further clauses of a comprehension are those of an inner scope.
    if header.asynchronous is not None or isinstance(context.parent(), cst.CompFor):
        return
    if isinstance(header, cst.With):
        items, keyword, method, happens = [item.item for item in header.items], "async with", "__enter__", _ENTERED
    else:
        items, keyword, method, happens = [header.iter], "async for", "__iter__", _ITERATED
    for expression in items:
        site = context.counterpart(expression)
        if site is None or (isinstance(expression, cst.Call) and context.kind_of(expression).kind in _MADE):
            continue  # what such a call makes is told by `asynchronous_header`
        lack = _lack(site.node, method, site.frame, context.view)
        if lack is not None and not expects_failure(context) and not is_asked_for(context):
            shown = grounds(Answer(Kind.VALUE, None, lack.label, lack.evidence))
            yield Finding(context.span(expression), f"{shown}; {happens}", _fix(header, keyword, context))


def _lack(node: ast.expr, method: str, frame: Frame, view: ModuleView) -> Lack | None:
    if isinstance(node, _PLAIN) or (isinstance(node, ast.Call) and view.calls.is_plain(node, frame)):
        return None
    made = isinstance(node, ast.Call) and method == "__enter__"
    around = frame.enclosing_function()
    if not made and (around is None or around.function is None or not around.function.is_async):
        return None  # elsewhere hardly anything is asynchronous, and a look at every loop is dear
    return view.uses.lacking(node, frame, method)


def asynchronous_header(call: cst.Call, context: Context) -> Finding | None:
    """Return the finding for the visited call, when it is what a synchronous `for` or `with` goes through."""
    parent = context.parent()
    if isinstance(parent, cst.WithItem):
        header, kind, keyword = context.ancestors[-2], Kind.ASYNC_CONTEXT, "async with"
        assert isinstance(header, cst.With)
        happens = f"{_ENTERED}: it has no `__enter__`"
    elif isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is call:
        header, kind, keyword = parent, Kind.ASYNC_GENERATOR, "async for"
        happens = _ITERATED
    else:
        return None
    if header.asynchronous is not None or context.kind_of(call).kind is not kind:
        return None
    if expects_failure(context) or is_asked_for(context) or is_attempted(context):
        return None
    message = f"{grounds(context.kind_of(call))}; {happens}"
    return Finding(context.span(call), message, _fix(header, keyword, context))


def _fix(header: cst.With | cst.For | cst.CompFor, keyword: str, context: Context) -> Fix | None:
    # `async with` is for all items of a header, and the others may be plain ones.
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
