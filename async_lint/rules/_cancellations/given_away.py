"""Whether a task that is awaited may be cancelled by what has it besides: a library, or what was closed before."""

import ast

from async_lint.inference.face import Frame, ModuleView, last_name
from async_lint.rules._cancellations.accounted_for import Place
from async_lint.rules._cancellations.ties import CANCEL, calls_in

# They keep a task, look at it or wait for it, and never cancel it unless told to.
_HARMLESS = frozenset({"add", "append", "discard", "extend", "put", "put_nowait", "remove", "set_name", "update"})
_KNOWN = ("asyncio.", "builtins.", "logging.", "sys.", "time.")
_ENDING = frozenset({"aclose", "close", "disconnect", "shutdown", "stop", "terminate"})


def may_cancel(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether nothing tells what becomes of a task that a call is given: it is of a library, or was not found."""
    if last_name(call.func) in _HARMLESS:
        return False
    # `future.add_done_callback(partial(end, task))`: one of them ends the other.
    if last_name(call.func) == "add_done_callback":
        return True
    inside = view.project.inside(call.func, frame)
    if inside is not None and view.project.is_of_project(inside[0][1]):
        return False
    name = view.names.name_of(call.func, frame)
    return name is None or not name.startswith(_KNOWN)


def is_closed_before(place: Place) -> bool:
    """Whether something was closed further up in the function that cancels tasks then, or whose end is not in sight."""
    line = getattr(place.chain[-1], "lineno", 0)
    calls = (call for call in place.once(_endings, place.function) if call.lineno < line)
    return any(_cancels(call, place) for call in calls)


def _endings(function: ast.AsyncFunctionDef) -> tuple[ast.Call, ...]:
    return tuple(call for call in calls_in(function) if last_name(call.func) in _ENDING)


def _cancels(call: ast.Call, place: Place) -> bool:
    inside = place.view.project.inside(call.func, place.frame)
    if inside is None or not place.view.project.is_of_project(inside[0][1]):
        return True
    return any(isinstance(node, ast.Attribute) and node.attr == CANCEL for node, _ in inside)
