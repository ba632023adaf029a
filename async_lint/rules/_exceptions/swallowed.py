"""Where a cancellation ends: in which handler, `suppress` or `finally`, and what runs although it came."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, has_yield
from async_lint.rules._exceptions.awaiting_callers import awaiting
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
from async_lint.rules._exceptions.going_on import onward, texts
from async_lint.rules._exceptions.handed_on import Handing, handled_cancellation, handing
from async_lint.rules._exceptions.ways import Exit, Loop, Way, exits, is_endless, leaving_statements

# Who asks for these tells one cancellation from another.
_COUNTED = frozenset({"uncancel", "cancelling"})
_CURRENT = "current_task"


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
    if next(waits(statement.body), None) is None or _counts_cancellations(place):
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
        if caught is None or next(waits(statement.body), None) is None or _counts_cancellations(place):
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


def _counts_cancellations(place: Place) -> bool:
    names = texts([place.function])
    return _CURRENT in names or not _COUNTED.isdisjoint(names)


def _is_told_apart(handler: ast.ExceptHandler, caught: Caught) -> bool:
    """Whether the handler asks which cancellation it has caught: it raises some again, or asks a task for its state."""
    nodes = list(own_nodes(handler.body))
    if any(isinstance(node, ast.Attribute) and node.attr == "cancelled" for node in nodes):
        return True
    return caught is Caught.NAMED and any(isinstance(node, ast.Raise) and node.exc is None for node in nodes)


def _despite(
    body: Sequence[ast.stmt], handler: ast.ExceptHandler | None, ways: Sequence[Exit], caught: Caught, place: Place
) -> str:
    handed = handing(handler, place.function, place.frame, place.view) if handler else Handing.NO
    if handed is Handing.RAISED:
        return ""
    told = texts(handler.body) if handler else frozenset()
    goes_on = _goes_on(body, handler, ways, caught, told, handed, place)
    if not goes_on or is_cancelled_child(body, place.function, place.frame, place.view, place.tree):
        return ""
    return goes_on


def _goes_on(
    body: Sequence[ast.stmt],
    handler: ast.ExceptHandler | None,
    ways: Sequence[Exit],
    caught: Caught,
    told: frozenset[str],
    handed: Handing,
    place: Place,
) -> str:
    for one in ways:
        if one.way is Way.RAISE:
            continue
        found = onward(place.chain, one.way, told, place.frame, place.view)
        if found is None:
            continue
        line = getattr(found.node, "lineno", 0)
        if found.turns:
            return f"the loop on line {line} goes round again"
        if found.deadline:
            return f"the deadline on line {line} passes unnoticed"
        if handed is not Handing.NO or (handler and stops_the_program(handler.type, place.frame, place.view)):
            continue
        if _ends_a_loop(body, one, caught) or awaiting(place.frame, place.view).started:
            continue
        return f"the function goes on to wait on line {line}"
    if handed is not Handing.NO or has_yield(place.function):
        return ""
    return _answers(ways, caught, place)


def _ends_a_loop(body: Sequence[ast.stmt], one: Exit, caught: Caught) -> bool:
    """Whether the work of the function was a loop, which is over now: what it waits for afterwards cleans up."""
    if caught is not Caught.NAMED:
        return False
    return one.way is Way.BREAK or any(isinstance(statement, Loop) and is_endless(statement) for statement in body)


def _answers(ways: Sequence[Exit], caught: Caught, place: Place) -> str:
    """Return who takes the end of the function for that of its work."""
    if all(one.way is Way.RAISE for one in ways):
        return "RAISES" if caught else ""
    function = place.function
    if function.name == "__aexit__":
        return ""
    found = awaiting(place.frame, place.view)
    if found.goes_on is not None:
        return f"`{function.name}` ends as if it had done its work, and CALLER goes on"
    if caught is Caught.LEVEL:
        return "LEVEL"
    gives = any(
        isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value)
        for node in own_nodes(function.body)
    )
    return f"who awaits `{function.name}` gets an answer and goes on" if gives and not found.started else ""


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
