"""Tasks that `asyncio.wait` gave back as done: who awaits one never stops there, so no cancellation comes to them.

done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
for task in done:
    await task                           a CancelledError is what became of that task
await self._collect(done)                the same in `_collect`, if nobody else calls that
"""

import ast

from async_lint.inference.face import Binding, Frame, Function, How, ModuleView, body_of
from async_lint.rules._shared.parameter_for import hides_arguments, parameter_for

_WAIT = "asyncio.wait"
_DONE = (0,)  # where the done ones stand in what `asyncio.wait` gives


def is_done(wait: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether a task is awaited that a loop over the done ones gives."""
    match wait:
        case ast.Await(value=ast.Name(id=name)):
            ways = _bindings(name, frame)
            return bool(ways) and all(way.how is How.ITERATE and _are_done(way.value, frame, view) for way in ways)
    return False


def _are_done(tasks: ast.expr | None, frame: Frame, view: ModuleView, deeper: bool = True) -> bool:
    ways = _bindings(tasks.id, frame) if isinstance(tasks, ast.Name) else ()
    return bool(ways) and all(_gives_done(way, frame, view, deeper) for way in ways)


def _gives_done(way: Binding, frame: Frame, view: ModuleView, deeper: bool) -> bool:
    match way:
        case Binding(how=How.ASSIGN, value=ast.Await(value=ast.Call(func=waited)), path=path) if path == _DONE:
            return view.names.name_of(waited, frame) in (_WAIT, view.names.canonical(_WAIT))
        case Binding(how=How.PARAMETER, node=ast.arg(arg=name)) if deeper:
            return _is_given_done(name, frame, view)
    return False


def _is_given_done(parameter: str, frame: Frame, view: ModuleView) -> bool:
    """Whether all who call the function are in sight, and give it the done ones."""
    scope, sites = frame.enclosing_function(), view.project.sole_callers(frame)
    if scope is None or scope.function is None or not sites or view.project.handed_on(frame) != []:
        return False
    return all(
        not hides_arguments(site.node)
        and _are_done(_given(parameter, site.node, scope.function), site.frame, view, deeper=False)
        for site in sites
    )


def _given(parameter: str, call: ast.Call, function: Function) -> ast.expr | None:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return next((value for value in values if parameter_for(call, value, function) == parameter), None)


def _bindings(name: str, frame: Frame) -> tuple[Binding, ...]:
    scope = frame.enclosing_function()
    return tuple(body_of(scope.function).table.get(name, ())) if scope is not None and scope.function else ()
