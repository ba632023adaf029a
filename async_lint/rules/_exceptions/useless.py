"""Handlers that only raise again what they caught, and keep it from no other handler."""

import ast
from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Raised
from async_lint.rules._exceptions.exceptions import classes_caught, classes_made
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.names import own_nodes

_EXCEPTION = "builtins.Exception"
_NOTHING = (ast.Pass, ast.Constant, ast.JoinedStr)


def useless_handlers(statement: cst.Try, context: Context) -> list[cst.ExceptHandler]:
    """Return the handlers of `statement` without which every exception would go the same way."""
    return [handler for handler in statement.handlers if is_useless(handler, statement, context)]


def is_useless(handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether every exception would go the same way without `handler`, one of those of `statement`."""
    if raises_again(handler) is None or _must_fail(statement):
        return False
    return not _is_shield(handler, handlers_below(handler, statement), context)


def _must_fail(statement: cst.Try) -> bool:
    """Whether a `try` asserts that it fails: its `else` does nothing but raise."""
    return statement.orelse is not None and isinstance(_first(statement.orelse.body), cst.Raise)


def handlers_below(handler: Handler, statement: cst.Try) -> list[cst.ExceptHandler]:
    """Return the handlers further down that do something else than to raise again what they catch."""
    index = next(i for i, other in enumerate(statement.handlers) if other is handler)
    return [other for other in statement.handlers[index + 1 :] if raises_again(other) is None]


def raises_again(handler: Handler) -> cst.Raise | None:
    """Return the `raise` of a handler that does nothing but raise what it caught, as it caught it.

    Not under `except*`: it wraps an exception that comes alone in a group, and what it raises again is the group.
    """
    first = _first(handler.body)
    if not isinstance(first, cst.Raise) or first.cause is not None or isinstance(handler, cst.ExceptStarHandler):
        return None
    # A call that gives the classes may do more, and would go with the handler.
    if handler.type is not None and any(isinstance(node, cst.Call) for node in own_nodes(handler.type)):
        return None
    by_name = isinstance(first.exc, cst.Name) and first.exc.value == caught_name(handler)
    return first if first.exc is None or by_name else None


def may_raise_again(handler: ast.ExceptHandler) -> bool:
    """Whether `raises_again` may hold, for triggers."""
    for statement in handler.body:
        if isinstance(statement, ast.Raise):
            raised = statement.exc
            return raised is None or (isinstance(raised, ast.Name) and raised.id == handler.name)
        # Most handlers write into a log first.
        if not isinstance(statement.value if isinstance(statement, ast.Expr) else statement, _NOTHING):
            return False
    return False


def _first(block: cst.BaseSuite) -> cst.CSTNode | None:
    """Return the first statement of a block that does something."""
    return next((statement for statement in _small_statements(block) if not _does_nothing(statement)), None)


def _small_statements(block: cst.BaseSuite) -> list[cst.CSTNode]:
    """Return the statements of a block; a compound one stands for itself."""
    if isinstance(block, cst.SimpleStatementSuite):
        return list(block.body)
    parts: list[cst.CSTNode] = []
    for line in block.body:
        parts += line.body if isinstance(line, cst.SimpleStatementLine) else [line]
    return parts


def _does_nothing(statement: cst.CSTNode) -> bool:
    """Whether it is a `pass`, a `...` or a string."""
    if isinstance(statement, cst.Expr):
        return isinstance(statement.value, cst.Ellipsis | cst.SimpleString | cst.ConcatenatedString)
    return isinstance(statement, cst.Pass)


def _is_shield(handler: Handler, takers: Sequence[cst.ExceptHandler], context: Context) -> bool:
    """Whether one of the `takers` may get what `handler` keeps from them."""
    if not takers:
        return False
    if handler.type is None or any(taker.type is None for taker in takers):
        return True
    # `except CancelledError: raise` above `except Exception:` is there for the reader, and for older Pythons.
    caught = classes_caught(handler.type, context)
    if not caught or any(_EXCEPTION not in lineage.names for lineage in caught):
        return True
    if any(_may_share(handler.type, taker.type, context) for taker in takers if taker.type is not None):
        return True
    # `except AppError: raise` above a handler that makes an AppError: so that none is wrapped in another.
    own = {lineage.own for lineage in caught}
    return any(not own.isdisjoint(new.lineage.names) for taker in takers for new in _made_by(taker, context))


def _made_by(handler: Handler, context: Context) -> Iterator[Raised]:
    for node in own_nodes(handler.body):
        if isinstance(node, cst.Raise) and node.exc is not None:
            yield from classes_made(node.exc, context)


def _may_share(first: cst.BaseExpression, second: cst.BaseExpression, context: Context) -> bool:
    one, other = context.counterpart(first), context.counterpart(second)
    return one is None or other is None or context.view.project.may_be_both(one.node, other.node, one.frame)
