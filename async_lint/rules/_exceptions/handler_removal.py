"""The removal of handlers, and of a `try` that keeps none."""

from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.model import Applicability, Edit, Fix, Position, Span
from async_lint.rules._exceptions.useless import raises_again
from async_lint.trees.walk import children

# Not every version of libcst that is allowed knows template strings.
_STRINGS = (cst.SimpleString, cst.FormattedString, getattr(cst, "TemplatedString", cst.FormattedString))


def whole_removal(statement: cst.Try, context: Context) -> Fix | None:
    """Return the fix that removes all handlers of `statement`, and the `try` too unless it has a `finally`.

    None where it would lose more: a comment, or statements behind a `raise`, for a `yield` that never runs makes a
    generator all the same.
    """
    orelse = statement.orelse
    last = context.span(statement.handlers[-1]).end.line if orelse is None else _first_line(orelse, context)
    # A comment behind `else:` would be lost, and what stands on its line has nowhere to go.
    if orelse is not None and _line(last, context).strip() != "else:":
        return None
    edit = _lines_removed(statement.handlers, last, context)
    if edit is None:
        return None
    what = "handler" if len(statement.handlers) == 1 else "handlers"
    if statement.finalbody is None:
        unwrapped = _unwrapped(statement, _first_line(statement.handlers[0], context), context)
        if unwrapped is None:
            return None
        kept = "" if orelse is None else ", and keep what the `else` holds"
        return Fix(f"Remove the `try` and its {what}{kept}", (edit, *unwrapped), Applicability.UNSAFE)
    # Both blocks become one, which has one indentation.
    if orelse is not None and _indent(statement.body, context) != _indent(orelse.body, context):
        return None
    joined = "" if orelse is None else ", and join the `else` to the `try`"
    return Fix(f"Remove the {what}{joined}", (edit,), Applicability.UNSAFE)


def removal(handler: cst.ExceptHandler, context: Context) -> Fix | None:
    """Return the fix that removes `handler` from beside others; None where it would lose more, as above."""
    edit = _lines_removed([handler], context.span(handler).end.line, context)
    return None if edit is None else Fix("Remove the handler", (edit,), Applicability.UNSAFE)


def _lines_removed(handlers: Sequence[cst.ExceptHandler], last: int, context: Context) -> Edit | None:
    """Return the edit that removes the lines from the first of the handlers to line `last`."""
    first = _first_line(handlers[0], context)
    if not all(map(_is_plain, handlers)) or _is_explained(first, last, context):
        return None
    span = Span(_end_of(first - 1, context), _end_of(last, context))
    return None if "#" in context.source.slice(span) else context.replace(span, "")


def _is_plain(handler: cst.ExceptHandler) -> bool:
    """Whether nothing stands behind the `raise` of a handler."""
    block = handler.body.body
    line = block[-1]
    return raises_again(handler) is (line.body[-1] if isinstance(line, cst.SimpleStatementLine) else line)


def _is_explained(first: int, last: int, context: Context) -> bool:
    """Whether a comment right above the lines, or indented below them as their block is, is about what goes."""
    inner = len(_blank_start(_line(first, context))) + 1
    below = _line(last + 1, context) if last < len(context.source.lines) else ""
    return _line(first - 1, context).lstrip().startswith("#") or (
        below.lstrip().startswith("#") and len(_blank_start(below)) >= inner
    )


def _unwrapped(statement: cst.Try, first_handler: int, context: Context) -> list[Edit] | None:
    """Return the edits that take the line `try:` away and give the blocks of `statement` its own indentation."""
    start = context.span(statement).start
    if isinstance(statement.body, cst.SimpleStatementSuite):
        # `try: f()`, all on one line.
        return [context.replace(Span(start, context.span(statement.body.body[0]).start), "")]
    # A comment behind the `try:` would go with it.
    if _line(start.line, context).strip() != "try:":
        return None
    edits = [context.replace(Span(Position(start.line, 0), Position(start.line + 1, 0)), "")]
    blocks: list[tuple[cst.BaseSuite, range]] = [(statement.body, range(start.line + 1, first_handler))]
    if statement.orelse is not None:
        lines = range(_first_line(statement.orelse, context) + 1, context.span(statement.orelse).end.line + 1)
        blocks.append((statement.orelse.body, lines))
    outer = _line(start.line, context)[: start.column]
    for block, lines in blocks:
        inner = _indent(block, context)
        if not inner.startswith(outer):
            return None
        # To move a line within a string would change the string.
        in_strings = set(_lines_in_strings(block, context))
        edits += (
            context.replace(Span(Position(line, len(outer)), Position(line, len(inner))), "")
            for line in lines
            if line not in in_strings and _line(line, context).startswith(inner)
        )
    return edits


def _lines_in_strings(node: cst.CSTNode, context: Context) -> Iterator[int]:
    """Yield the lines that begin within a string."""
    if isinstance(node, _STRINGS):
        span = context.span(node)
        yield from range(span.start.line + 1, span.end.line + 1)
    else:
        for child in children(node):
            yield from _lines_in_strings(child, context)


def _indent(block: cst.BaseSuite, context: Context) -> str:
    return _blank_start(_line(context.span(block.body[0]).start.line, context))


def _blank_start(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def _first_line(node: cst.CSTNode, context: Context) -> int:
    return context.span(node).start.line


def _line(number: int, context: Context) -> str:
    return context.source.lines[number - 1].rstrip("\r\n")


def _end_of(number: int, context: Context) -> Position:
    return Position(number, len(_line(number, context)))
