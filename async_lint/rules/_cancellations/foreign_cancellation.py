"""Whether a CancelledError may come from what is awaited, and not from who cancelled the task that awaits it."""

import ast
from collections.abc import Sequence, Set

from async_lint.inference.face import Frame, Kind, ModuleView, last_name
from async_lint.rules._cancellations.cancellation import own_nodes, waits
from async_lint.rules._cancellations.cancelled_child import WAITING, operand_of
from async_lint.rules._cancellations.going_on import texts
from async_lint.rules._cancellations.ties import given_to

_CLOSING = frozenset({"aclose", "__aexit__"})
_FUTURES = frozenset({"create_future", "Future"})
_TASKS = frozenset({"create_task", "ensure_future"})


def closes(body: Sequence[ast.AST]) -> bool:
    """Whether all that is awaited is the end of a generator or a context, whose own cancellations come out there."""
    operands = [operand_of(wait) for wait in waits(body)]
    return all(isinstance(operand, ast.Call) and last_name(operand.func) in _CLOSING for operand in operands)


def awaits_own_future(body: Sequence[ast.AST], made: Set[str]) -> bool:
    """Whether a future is awaited that the function made: others have it, to set its result or to cancel it."""
    return any(isinstance(operand, ast.Name) and operand.id in made for operand in map(operand_of, waits(body)))


def own_futures(function: ast.AsyncFunctionDef) -> Set[str]:
    return _futures(function.body)


def _futures(statements: Sequence[ast.AST]) -> Set[str]:
    """Return the names of the futures that statements make."""
    return {
        target.id
        for node in own_nodes(statements)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call)
        if last_name(node.value.func) in _FUTURES
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def _given_tasks(statements: Sequence[ast.AST]) -> Set[str]:
    """Return the names of the tasks that statements make and give to others, who may cancel them."""
    calls = [
        node for node in own_nodes(statements) if isinstance(node, ast.Call) and last_name(node.func) not in WAITING
    ]
    given = {name for call in calls for name in given_to(call)}
    return {
        target.id
        for node in own_nodes(statements)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and last_name(node.value.func) in _TASKS
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in given
    }


def may_be_foreign(body: Sequence[ast.AST], frame: Frame, view: ModuleView) -> bool:
    """Whether something is awaited that others gave, or that raises again what it was told of."""
    return any(_is_given(operand, frame, view) for operand in map(operand_of, waits(body)))


def _is_given(operand: ast.AST, frame: Frame, view: ModuleView) -> bool:
    match operand:
        # It may be a task that somebody else cancels.
        case ast.Name():
            return view.calls.kind_of_value(operand, frame) is Kind.UNKNOWN
        # Of a callable that was passed in nobody knows what it lets out.
        case ast.Call(func=ast.Name() as callee):
            return view.names.name_of(callee, frame) is None
        case ast.Call(func=callee):
            body = view.project.body(callee, frame)
            if body is not None and awaits_own_future(body[0], _futures(body[0]) | _given_tasks(body[0])):
                return True
            inside = view.project.inside(callee, frame)
            return any(_raises_kept(node, own, view) for node, own in inside or ())
    return False


def _raises_kept(node: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether an exception is raised that was stored: `raise self.result`."""
    if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Attribute):
        return False
    # `raise errors.Stopped` names a class, and so makes a new exception.
    return not view.exceptions.raised(node.exc, frame)


def shields(body: Sequence[ast.AST], chain: Sequence[ast.AST], frame: Frame, view: ModuleView) -> bool:
    """Whether nothing is awaited but what `asyncio.shield` keeps from being cancelled.

    So does `asyncio.wait`: where a loop asks whether that is done, it is waited for on purpose.
    """
    asks = any(isinstance(outer, ast.While) and ".done" in texts([outer.test]) for outer in chain)
    names = ["asyncio.shield", *(["asyncio.wait"] if asks else [])]
    return all(_is_call_of(operand, names, frame, view) for operand in map(operand_of, waits(body)))


def _is_call_of(operand: ast.AST, names: Sequence[str], frame: Frame, view: ModuleView) -> bool:
    name = view.names.name_of(operand.func, frame) if isinstance(operand, ast.Call) else None
    return any(name in (public, view.names.canonical(public)) for public in names)
