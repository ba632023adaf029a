"""A project's own function that schedules something and returns it: does anything else refer to what it returns?"""

import ast

from async_lint.inference.answer import Kind
from async_lint.inference.binding import How
from async_lint.inference.origins import Site
from async_lint.inference.resolver import ModuleView
from async_lint.inference.scope import Frame
from async_lint.inference.summary import body_of
from async_lint.rules._scheduling import Scheduler, scheduler
from async_lint.rules._task_owner import keeps_nothing

_DEEP = 3


def spawned(call: ast.Call, frame: Frame, view: ModuleView, depth: int = _DEEP) -> Scheduler | None:
    """Return what schedules the work that a call returns when only the caller gets hold of it.

    None unless the called function's body is in sight and every `return` of it gives back a new task or future.
    """
    results = view.results(Site(call, frame)) if depth else None
    found = [_new(each, inner, view, depth) for each, inner in results or ()]
    return found[0] if found and None not in found else None


def _new(value: ast.expr, frame: Frame, view: ModuleView, depth: int) -> Scheduler | None:
    if isinstance(value, ast.Name):
        return _new_local(value.id, frame, view, depth)
    if not isinstance(value, ast.Call):
        return None
    answer = view.kind_of(value, frame)
    found = scheduler(answer.name, view.canonical)
    if found is not None:
        return found if _starts_something(value, found, frame, view) else None
    return spawned(value, frame, view, depth - 1) if answer.kind is Kind.TASK else None


def _new_local(name: str, frame: Frame, view: ModuleView, depth: int) -> Scheduler | None:
    scope = frame.enclosing_function()
    if scope is None or scope.function is None:
        return None
    found: list[Scheduler | None] = []
    for binding in body_of(scope.function).table.get(name, ()):
        made = binding.how in (How.ASSIGN, How.DECLARE) and not binding.path and isinstance(binding.value, ast.Call)
        found.append(_new(binding.value, frame, view, depth) if made and binding.value is not None else None)
    return found[0] if found and None not in found and keeps_nothing(name, scope.function) else None


def _starts_something(call: ast.Call, by: Scheduler, frame: Frame, view: ModuleView) -> bool:
    """Whether the work is new: a task that is shielded has an owner already."""
    if not by.existing:
        return True
    argument = call.args[0] if call.args else None
    return isinstance(argument, ast.Call) and view.kind_of(argument, frame).kind in (Kind.COROUTINE, Kind.AWAITABLE)
