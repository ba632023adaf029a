"""A project's own function that schedules something and returns it: does anything else refer to what it returns?"""

import ast
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from async_lint.inference.face import Frame, How, Kind, ModuleView, Site, body_of
from async_lint.rules._tasks.function_tree import is_in_finalizer
from async_lint.rules._tasks.scheduling import Scheduler, scheduler
from async_lint.rules._tasks.task_owner import is_lost, keeps_nothing
from async_lint.rules._tasks.waiting import runs_loop

_DEEP = 3


class Spawned(NamedTuple):
    """`by` what a task or future is made, at `call` in the function of `frame`; `alone`: it has no other such call."""

    by: Scheduler
    call: ast.Call
    frame: Frame
    alone: bool = True

    def is_at(self, site: Site) -> bool:
        """Whether that call is the one at a site: the same file may have been read twice."""
        return _place(self.call, self.frame) == _place(*site)


def spawned(call: ast.Call, frame: Frame, view: ModuleView, depth: int = _DEEP) -> Spawned | None:
    """Return what makes the task or future that a call returns when only the caller gets hold of it.

    None unless the called function's body is in sight and every `return` of it gives back a new task or future.
    """
    results = view.project.results(Site(call, frame)) if depth else None
    return _first([_new(value, inner, view, depth) for value, inner in results or ()])


def spawned_by(frame: Frame, view: ModuleView) -> Spawned | None:
    """Return what makes the task or future that the function of a frame returns and nothing else gets hold of."""
    if frame.function is None or not isinstance(frame.function.node, ast.FunctionDef) or frame.function.is_generator:
        return None
    returned = [value for value in body_of(frame.function).returns if value is not None]
    return _first([_new(value, frame, view, _DEEP) for value in returned])


def _first(makers: list[Spawned | None]) -> Spawned | None:
    first = makers[0] if makers and None not in makers else None
    return first if first is None or len(makers) == 1 else first._replace(alone=False)


def droppers(frame: Frame, view: ModuleView, depth: int = _DEEP) -> list[Site]:
    """Return the calls in the project that drop what the function of a frame returns; none for one of elsewhere.

    Those of a function that only returns it in its turn are among them.
    """
    if frame.function is None or not view.project.is_of_project(frame):
        return []
    sites: dict[tuple[str, int, int], Site] = {}
    for caller in view.project.callers(frame):
        around = view.project.above(caller.site.node, caller.site.frame) if caller.proved else None
        outer = caller.site.frame.enclosing_function()
        if around is None or outer is None or is_in_finalizer(outer):
            continue
        if isinstance(around[-1], ast.Return):
            further = droppers(outer, view, depth - 1) if depth and spawned_by(outer, view) is not None else []
        else:
            further = [caller.site] if _is_dropped(caller.site, around, view) else []
        sites |= {_place(*site): site for site in further}
    return [sites[place] for place in sorted(sites)]


def _place(node: ast.Call, frame: Frame) -> tuple[str, int, int]:
    return frame.module.path, node.lineno, node.col_offset


def _is_dropped(site: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    scope = site.frame.enclosing_function()
    if scope is None or scope.function is None:
        return False
    below: ast.AST = site.node
    for node in reversed(around):
        match node:
            case ast.Expr():
                return True
            case ast.Assign(targets=[ast.Name(id=name), *_]) | ast.AnnAssign(target=ast.Name(id=name)):
                return is_lost(name, node, scope.function, partial(runs_loop, frame=site.frame, view=view))
            case ast.BoolOp(values=[*_, last]) if below is last:
                pass
            case ast.IfExp(test=test) if below is not test:
                pass
            case ast.Attribute(attr="add_done_callback"):
                pass
            case ast.Call(func=ast.Attribute() as func) if below is func:
                pass
            case _:
                return False
        below = node
    return False


def _new(value: ast.expr, frame: Frame, view: ModuleView, depth: int) -> Spawned | None:
    if isinstance(value, ast.Name):
        return _new_local(value.id, frame, view, depth)
    if not isinstance(value, ast.Call):
        return None
    answer = view.calls.kind_of(value, frame)
    by = scheduler(answer.name, view.names.canonical)
    if by is not None:
        return Spawned(by, value, frame) if _starts_something(value, by, frame, view) else None
    return spawned(value, frame, view, depth - 1) if answer.kind is Kind.TASK else None


def _new_local(name: str, frame: Frame, view: ModuleView, depth: int) -> Spawned | None:
    scope = frame.enclosing_function()
    if scope is None or scope.function is None:
        return None
    makers: list[Spawned | None] = []
    for binding in body_of(scope.function).table.get(name, ()):
        made = binding.how in (How.ASSIGN, How.DECLARE) and not binding.path and isinstance(binding.value, ast.Call)
        makers.append(_new(binding.value, frame, view, depth) if made and binding.value is not None else None)
    return _first(makers) if keeps_nothing(name, scope.function) else None


def _starts_something(call: ast.Call, by: Scheduler, frame: Frame, view: ModuleView) -> bool:
    """Whether the work is new: a task that is shielded has an owner already."""
    if not by.existing:
        return True
    argument = call.args[0] if call.args else None
    if not isinstance(argument, ast.Call):
        return False
    return view.calls.kind_of(argument, frame).kind in (Kind.COROUTINE, Kind.AWAITABLE)
