"""Waits for a reply: a function makes a future, an event or a queue, lets others have it, asks, and waits for it."""

import ast
from functools import lru_cache
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, descendants
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.own_code import before
from async_lint.rules._timeouts.table import Signal, signals

# To await one of these is to await what it is handed.
_PASSING = frozenset({"gather", "shield", "wait"})


class Reply(NamedTuple):
    """What is waited for, as it is written, and the call that made it, or made it wait anew."""

    waiter: ast.Name | ast.Attribute
    made: ast.Call
    name: str
    signal: Signal

    @property
    def text(self) -> str:
        return ast.unparse(self.waiter)


class Wait(NamedTuple):
    """What an await waits for, and the method by which it does: none, where it awaits it itself."""

    waiter: ast.Name | ast.Attribute
    method: str


def waited(node: ast.Await) -> Wait | None:
    """Return what an await waits for, if it is the only thing and is, or is called by, a name or an attribute."""
    match _passed(node.value):
        case ast.Call(func=ast.Attribute(value=ast.Name() | ast.Attribute() as waiter, attr=method), args=[]):
            return Wait(waiter, method)
        case ast.Name() | ast.Attribute() as waiter:
            return Wait(waiter, "")
    return None


def _passed(awaited: ast.expr) -> ast.expr:
    match awaited:
        case ast.Call(args=[ast.List(elts=[inner]) | ast.Set(elts=[inner]) | ast.Tuple(elts=[inner])]):
            pass
        case ast.Call(args=[inner]):
            pass
        case _:
            return awaited
    return inner if last_word(awaited) in _PASSING else awaited


def reply(node: ast.Await, frame: Frame, view: ModuleView) -> Reply | None:
    """Return what an await waits for, where the function around it has made it, or made it wait anew, before."""
    wait = waited(node)
    if wait is None:
        return None
    around = view.project.above(node, frame)
    made = _last_made(wait, around[0], node) if around else None
    if made is None:
        return None
    hit = signals().find(view.calls.kind_of(made, frame).name, view.names.canonical)
    if hit is None or hit[1].method != wait.method:
        return None
    return Reply(wait.waiter, made, *hit)


def _last_made(wait: Wait, function: ast.AST, end: ast.Await) -> ast.Call | None:
    """Return the last call before the wait that may have made what is waited for; cheap."""
    text = ast.unparse(wait.waiter)
    if text not in _made_in(function):
        return None
    found: ast.Call | None = None
    for node in before(function, end):
        match node:
            case ast.Assign(targets=targets, value=value) if text in map(ast.unparse, targets):
                found = _maker(value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) if ast.unparse(target) == text:
                found = _maker(value)
            case ast.NamedExpr(target=target, value=value) if target.id == text:
                found = _maker(value)
            case ast.Call(func=ast.Attribute(value=owner)) if last_word(node) in signals() and not node.args:
                found = node if ast.unparse(owner) == text else found
    return found


# Each of the awaits of a function asks.
@lru_cache(maxsize=1)
def _made_in(function: ast.AST) -> frozenset[str]:
    """Return the texts of what a function makes, or makes wait anew, somewhere."""
    made: set[str] = set()
    for node in descendants(function):
        match node:
            case ast.Assign(targets=targets, value=value) if _maker(value) is not None:
                made.update(map(ast.unparse, targets))
            case ast.AnnAssign(target=target, value=ast.expr() as value) if _maker(value) is not None:
                made.add(ast.unparse(target))
            case ast.NamedExpr(target=target, value=value) if _maker(value) is not None:
                made.add(target.id)
            case ast.Call(func=ast.Attribute(value=owner)) if last_word(node) in signals() and not node.args:
                made.add(ast.unparse(owner))
    return frozenset(made)


def _maker(value: ast.expr) -> ast.Call | None:
    match value:
        case ast.Call() if last_word(value) in signals():
            return value
        case ast.NamedExpr(value=inner):
            return _maker(inner)
        # `create_future() if wait else None`
        case ast.IfExp(body=body, orelse=orelse):
            return _maker(body) or _maker(orelse)
    return None
