"""Where a cancellation ends: in which handler, `suppress` or `finally`, and what runs although it came."""

import ast
import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Try, has_yield, last_name
from async_lint.rules._exceptions.awaiting_callers import Awaiting, awaiting, is_handed_out
from async_lint.rules._exceptions.cancellation import (
    Caught,
    catches,
    is_suppress,
    own_nodes,
    stops_the_program,
    suppressed,
    waits,
)
from async_lint.rules._exceptions.cancelled_child import is_cancelled_child
from async_lint.rules._exceptions.foreign_cancellation import awaits_own_future, may_be_foreign, shields
from async_lint.rules._exceptions.going_on import Onward, onward, texts
from async_lint.rules._exceptions.handed_on import Handing, handled_cancellation, handing
from async_lint.rules._exceptions.ways import Exit, Loop, Way, exits, is_endless, leaving_statements

# Who asks for these tells one cancellation from another.
_COUNTS = frozenset({".uncancel", ".cancelling", ".current_task", "current_task"})


class Place(NamedTuple):
    """The nodes from an `async def` down to a statement in it, and where their names are looked up."""

    chain: Sequence[ast.AST]
    frame: Frame
    view: ModuleView
    tree: ast.Module

    @property
    def function(self) -> ast.AsyncFunctionDef:
        assert isinstance(self.chain[0], ast.AsyncFunctionDef)
        return self.chain[0]


class Swallowed(NamedTuple):
    """`exits` are the ways on; `despite` is a clause that says what runs although the task was cancelled."""

    node: ast.ExceptHandler | ast.Call | ast.stmt
    caught: Caught
    exits: Sequence[Exit]
    despite: str


def swallowed_by(statement: ast.Try, place: Place) -> Iterator[Swallowed]:
    """Yield the first handler of a `try` that catches a cancellation, if that ends there."""
    if next(waits(statement.body), None) is None or _is_accounted_for(place):
        return
    for handler in statement.handlers:
        caught = catches(handler.type, place.frame, place.view)
        if caught is None:
            continue
        inner = place._replace(chain=[*place.chain, handler])
        ways = exits(handler.body, handled_cancellation(handler, place.frame, place.view))
        if ways and not _is_told_apart(handler, caught):
            despite = _despite(statement.body, handler, ways, caught, inner)
            if despite:
                yield Swallowed(handler, caught, ways, despite)
        return


def swallowed_in(statement: ast.With | ast.AsyncWith, place: Place) -> Iterator[Swallowed]:
    """Yield the `suppress` of a `with` that keeps back a cancellation."""
    for item in statement.items:
        manager = item.context_expr
        if not isinstance(manager, ast.Call) or not is_suppress(manager, place.frame, place.view):
            continue
        caught = suppressed(manager, place.frame, place.view)
        if caught is None or next(waits(statement.body), None) is None or _is_accounted_for(place):
            continue
        ways = [Exit(Way.END, statement)]
        despite = _despite(statement.body, None, ways, caught, place)
        if despite:
            yield Swallowed(manager, caught, ways, despite)


def leaving_finally(statement: ast.Try, place: Place) -> Iterator[Swallowed]:
    """Yield the statements that leave a `finally` and so end whatever was raised, where something was awaited."""
    if next(waits([*statement.body, *statement.handlers, *statement.orelse]), None) is not None:
        leaving = next(leaving_statements(statement.finalbody), None)
        if leaving is not None:
            yield Swallowed(leaving, Caught.WITH_ALL, (), "FINALLY")


def _is_accounted_for(place: Place) -> bool:
    """Whether the function counts cancellations, raises one itself, or has another exception to raise after this."""
    if not _COUNTS.isdisjoint(texts(place.function.body)):
        return True
    for outer, inner in pairwise(place.chain):
        if isinstance(outer, Try) and inner in outer.finalbody:
            return True
        if isinstance(inner, ast.ExceptHandler) and all(one.way is Way.RAISE for one in exits(inner.body)):
            return True
    return any(_raises_one(node, place) for node in own_nodes(place.function.body))


def _raises_one(node: ast.AST, place: Place) -> bool:
    """Whether it is `raise asyncio.CancelledError`, for one that was kept back for a while."""
    if not isinstance(node, ast.Raise) or node.exc is None:
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return "Cancel" in last_name(raised) and catches(raised, place.frame, place.view) is not None


def _is_told_apart(handler: ast.ExceptHandler, caught: Caught) -> bool:
    """Whether the handler asks which cancellation it has caught: it raises some again, or asks a task for its state."""
    nodes = list(own_nodes(handler.body))
    if any(isinstance(node, ast.Attribute) and node.attr == "cancelled" for node in nodes):
        return True
    return caught is Caught.NAMED and any(isinstance(node, ast.Raise) and node.exc is None for node in nodes)


def _despite(
    body: Sequence[ast.stmt], handler: ast.ExceptHandler | None, ways: Sequence[Exit], caught: Caught, place: Place
) -> str:
    """Return a clause that says what runs although the cancellation came; empty where nothing is shown to."""
    handed = handing(handler, place.frame, place.view) if handler else Handing.NO
    if handed is Handing.RAISED or (caught is Caught.NAMED and shields(body, place.frame, place.view)):
        return ""
    clause = _turns(handler, ways, place)
    if not clause and handed is Handing.NO and not (handler and stops_the_program(handler.type, place.frame, place.view)):
        if caught is not Caught.NAMED or not may_be_foreign(body, place.frame, place.view):
            clause = _waits_on(body, handler, ways, caught, place) or _answers(ways, caught, place)
    if not clause or awaits_own_future(body, place.function):
        return ""
    return "" if is_cancelled_child(body, place.function, place.frame, place.view, place.tree) else clause


def _turns(handler: ast.ExceptHandler | None, ways: Sequence[Exit], place: Place) -> str:
    for one in ways:
        found = _onward(handler, one, place)
        if found is not None and found.turns:
            return f"the loop on line {_line(found.node)} goes round again"
        if found is not None and found.deadline:
            return f"the deadline on line {_line(found.node)} passes unnoticed"
    return ""


def _waits_on(
    body: Sequence[ast.stmt], handler: ast.ExceptHandler | None, ways: Sequence[Exit], caught: Caught, place: Place
) -> str:
    for one in ways:
        found = _onward(handler, one, place)
        if found is None or found.turns or found.deadline or _ends_a_loop(body, one, caught):
            continue
        if not _is_work_of_a_task(awaiting(place.frame, place.view), place):
            return f"`{place.function.name}` goes on to wait on line {_line(found.node)}"
    return ""


def _onward(handler: ast.ExceptHandler | None, one: Exit, place: Place) -> Onward | None:
    told = texts(handler.body) if handler else frozenset()
    return None if one.way is Way.RAISE else onward(place.chain, one.way, told, place.frame, place.view)


def _line(node: ast.AST) -> int:
    line: int = getattr(node, "lineno", 0)
    return line


def _ends_a_loop(body: Sequence[ast.stmt], one: Exit, caught: Caught) -> bool:
    """Whether the work of the function was a loop, which is over now: what it waits for afterwards cleans up."""
    if caught is not Caught.NAMED:
        return False
    return one.way is Way.BREAK or any(isinstance(statement, Loop) and is_endless(statement) for statement in body)


def _answers(ways: Sequence[Exit], caught: Caught, place: Place) -> str:
    """Return who takes the end of the function for that of its work."""
    function = place.function
    if function.name == "__aexit__" or has_yield(function):
        return ""
    found = awaiting(place.frame, place.view)
    if found.goes_on is not None:
        caller = found.goes_on
        where = f"{os.path.basename(caller.frame.module.path)}:{caller.node.lineno}"
        return f"what awaits `{function.name}` goes on ({where})"
    if caught is Caught.LEVEL:
        return f"`{function.name}` ends as if it had done its work"
    gives = any(
        isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value)
        for node in own_nodes(function.body)
    )
    if not gives or _is_work_of_a_task(found, place):
        return ""
    return f"who awaits `{function.name}` gets an answer and goes on"


def _is_work_of_a_task(found: Awaiting, place: Place) -> bool:
    """Whether the function is what a task runs, or a framework calls: who cancels that wants it to end, no more."""
    return found.started or (
        not found.awaited and is_handed_out(place.function, place.tree, place.frame.parent or place.frame, place.view)
    )


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
