"""The fix of a handler in which a cancellation ends: it is raised again."""

import ast
from collections.abc import Sequence

from async_lint.context import Context
from async_lint.inference.face import Frame, last_name
from async_lint.model import Applicability, Edit, Fix, Position
from async_lint.rules._cancellations.cancellation import Caught
from async_lint.rules._cancellations.ways import Exit, Way
from async_lint.rules._shared.library_import import asyncio_import

_SAYING = frozenset({"critical", "debug", "error", "exception", "info", "print", "warn", "warning"})
_LEAVES = ast.Return | ast.Break | ast.Continue | ast.Pass


def reraise_fix(
    handler: ast.ExceptHandler, caught: Caught, exits: Sequence[Exit], frame: Frame, context: Context
) -> Fix | None:
    """Return the fix that lets the cancellation go on, None where that is more than one line."""
    # `except:` and `except*` cannot stand in one `try`.
    if context.source.lines[handler.lineno - 1][_column(handler, context) :].startswith("except*"):
        return None
    if (caught is Caught.NAMED and not isinstance(handler.type, ast.Tuple)) or caught is Caught.LEVEL:
        return _raise_at_the_end(handler, exits, context)
    # What a tuple names is handled on purpose: a handler above this one would leave that undone.
    if caught is Caught.NAMED and not all(map(_says_at_most, handler.body)):
        return None
    # Other exceptions keep their handler, and the cancellation gets one of its own above.
    return _handler_before(handler, frame, context)


def _says_at_most(statement: ast.stmt) -> bool:
    """Whether a statement of a handler does nothing that matters to others, beyond a line in a log."""
    match statement:
        case ast.Expr(value=ast.Call(func=func)):
            return last_name(func) in _SAYING
        case ast.Return(value=value):
            return value is None or isinstance(value, ast.Constant)
    return isinstance(statement, _LEAVES)


def _raise_at_the_end(handler: ast.ExceptHandler, exits: Sequence[Exit], context: Context) -> Fix | None:
    last = handler.body[-1]
    # A handler that does nothing else is not worth a `raise`.
    if len(exits) != 1 or exits[0].node is not last or (len(handler.body) == 1 and isinstance(last, _LEAVES)):
        return None
    # `except E: f()` has no line of its own to put a statement behind.
    if last.lineno == handler.lineno:
        return None
    if isinstance(last, _LEAVES):
        span = context.source.span(last)
        if span.start.line != span.end.line:
            return None
        return Fix("Raise the cancellation again", (context.replace(span, "raise"),), Applicability.UNSAFE)
    if exits[0].way is not Way.END:
        return None
    end = last.end_lineno or last.lineno
    line = context.source.lines[end - 1].rstrip("\r\n")
    if line.rstrip().endswith((";", "\\")):
        return None
    indent = " " * last.col_offset
    edit: Edit = context.insert(Position(end, len(line)), f"\n{indent}raise")
    return Fix("Raise the cancellation again", (edit,), Applicability.UNSAFE)


def _handler_before(handler: ast.ExceptHandler, frame: Frame, context: Context) -> Fix | None:
    reached = asyncio_import(handler.body[0], frame, context)
    if reached is None:
        return None
    column = _column(handler, context)
    indent = context.source.lines[handler.lineno - 1][:column]
    if indent.strip():
        return None
    text = f"except {reached.name}.CancelledError:\n{indent}{_step(handler, context)}raise\n{indent}"
    edit = context.insert(Position(handler.lineno, column), text)
    title = f"Raise `{reached.name}.CancelledError` again before"
    return Fix(title, (*reached.edits, edit), Applicability.UNSAFE)


def _step(handler: ast.ExceptHandler, context: Context) -> str:
    first = handler.body[0]
    if first.lineno == handler.lineno:
        return "    "
    text = context.source.lines[first.lineno - 1]
    return text[_column(handler, context) : len(text) - len(text.lstrip())] or "    "


def _column(handler: ast.ExceptHandler, context: Context) -> int:
    return context.source.span(handler).start.column
