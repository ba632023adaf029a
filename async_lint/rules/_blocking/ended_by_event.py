"""Threads that are joined behind the `await` of an event which what they run sets last: they are about to end."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import BlockingPath, Frame, ModuleView, Site, last_name
from async_lint.rules._blocking.ended_by_loop import statement_before

_SETS = frozenset(["set", "set_result"])


def has_set_event(path: BlockingPath, call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether the statement before a `join` awaits an event that the thread's function sets in its last statement.

    `around` are the nodes above the call, its function first.
    """
    if path.hops or path.end.blocker.kind != "join" or not isinstance(call.node.func, ast.Attribute):
        return False
    match statement_before(around):
        case ast.Expr(value=ast.Await(value=ast.Call(func=ast.Attribute(value=event, attr="wait"), args=[]))):
            awaited = last_name(event)
        case ast.Expr(value=ast.Await(value=ast.Name() | ast.Attribute() as event)):
            awaited = last_name(event)
        case _:
            return False
    threads = view.project.origins(call.node.func.value, call.frame)
    return bool(threads) and all(_sets_last(thread, awaited, view) for thread in threads or ())


def _sets_last(thread: Site, event: str, view: ModuleView) -> bool:
    """Whether each function that a thread may run sets something of that name last of all."""
    target = next((keyword.value for keyword in thread.node.keywords if keyword.arg == "target"), None)
    bodies = view.project.bodies(target, thread.frame) if target is not None else None
    return bodies is not None and all(
        event in _names(_set_by(statements[-1]), frame, view) for statements, frame in bodies
    )


def _set_by(statement: ast.stmt) -> ast.expr | None:
    """Return what a statement sets at its very end."""
    match statement:
        case ast.Try(finalbody=[*_, last]):
            return _set_by(last)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=event, attr=word))) if word in _SETS:
            return event
    return None


def _names(event: ast.expr | None, frame: Frame, view: ModuleView) -> Iterator[str]:
    """Yield the last word of an event, and of what its local name is bound to."""
    if event is not None:
        yield last_name(event)
        for value, _ in view.project.sources(event, frame).seen:
            yield last_name(value)
