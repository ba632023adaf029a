"""Whether what is awaited was cancelled on purpose: then the CancelledError is the child's own."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import Frame, ModuleView, Site, descendants, last_name
from async_lint.rules._cancellations.accounted_for import Place
from async_lint.rules._cancellations.cancellation import waits
from async_lint.rules._cancellations.given_away import is_closed_before, may_cancel
from async_lint.rules._cancellations.ties import (
    CANCEL,
    calls_in,
    cancelled_in,
    given_to,
    objects,
    sources_in,
    takers_in,
    tied,
    ties_of,
)

_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
_EVENT = ".Event"
# What awaits the tasks that it is handed.
WAITING = frozenset({"wait_for", "wait", "gather", "shield", "as_completed"})


def is_cancelled_child(body: Sequence[ast.AST], place: Place) -> bool:
    """Whether what `body` awaits is cancelled in the function, by a helper it calls, elsewhere, or by its callers."""
    awaited = [operand_of(wait) for wait in waits(body)]
    names = objects(awaited)
    if not names.isdisjoint(place.once(cancelled_in, place.function)) or any(
        _is_told_to_stop(wait, place) for wait in waits(body)
    ):
        return True
    held = frozenset(name for wait in waits(body) for name in _held(wait))
    # A local is cancelled in its function or by what gets it; what an attribute holds, by anybody.
    attributes = [name for name in _tied(held, place) if name.startswith(".")]
    if any(_is_cancelled_elsewhere(name, place) for name in attributes) or (attributes and is_closed_before(place)):
        return True
    calls = tuple(call for operand in awaited for call in calls_in(operand))
    if _has_helper(calls, place.frame, place.view):
        return True
    sources, takers = place.once(sources_in, place.function), place.once(takers_in, place.function)
    related = [*(sources.get(name, ()) for name in held), *(takers.get(name, ()) for name in names)]
    if any(place.once(_has_helper, calls, place.frame, place.view) for calls in related):
        return True
    given = (call for name in held for call in takers.get(name, ()) if last_name(call.func) not in WAITING)
    if any(may_cancel(call, place.frame, place.view) for call in given):
        return True
    # A task that came by a parameter has an owner among the callers, who may have cancelled it before.
    if held.isdisjoint(_parameters(place.function)):
        return False
    return place.once(_is_cancelled_by_callers, place.frame, place.view)


def _is_told_to_stop(wait: ast.AST, place: Place) -> bool:
    """Whether a task is awaited after an event was set in the function: `self._stop.set()`, then `await self._task`."""
    line = getattr(operand_of(wait), "lineno", 0)
    events = place.once(_events_set, place.function, place.frame, place.view)
    return next(_held(wait), None) is not None and any(set_at < line for set_at in events)


def _events_set(function: ast.AST, frame: Frame, view: ModuleView) -> tuple[int, ...]:
    """Return the lines on which a function sets an event, or something of which nobody knows what it is."""
    return tuple(
        call.lineno
        for call in calls_in(function)
        if isinstance(call.func, ast.Attribute)
        and (call.func.attr, call.args, call.keywords) == ("set", [], [])
        and (view.names.name_of(call.func.value, frame) or _EVENT).endswith(_EVENT)
    )


def operand_of(wait: ast.AST) -> ast.AST:
    """Return what is awaited, or iterated over; of an `async with` the statement itself."""
    match wait:
        case ast.Await(value=value):
            return value
        case ast.AsyncFor(iter=iterable) | ast.comprehension(iter=iterable):
            return iterable
    return wait


def _held(wait: ast.AST) -> Iterator[str]:
    """Yield the names of the tasks and futures that are awaited, be it through `wait_for` or `gather`."""
    if isinstance(wait, ast.Await):
        yield from _tasks_in(wait.value)


def _tasks_in(value: ast.AST) -> Iterator[str]:
    match value:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(attr=name):
            yield f".{name}"
        case ast.Subscript(value=inner) | ast.Starred(value=inner):
            yield from _tasks_in(inner)
        case ast.Call(func=callee, args=parts) if last_name(callee) in WAITING:
            for part in parts:
                yield from _tasks_in(part)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from _tasks_in(part)


def _tied(held: frozenset[str], place: Place) -> frozenset[str]:
    return tied(held, place.once(ties_of, place.function)) if held else held


def _is_cancelled_elsewhere(attribute: str, place: Place) -> bool:
    """Whether another function of the module, or a call in another file, cancels what such an attribute holds."""
    return attribute in place.once(_cancelled_in_functions, place.tree) or place.once(
        _is_cancelled_by_a_call, attribute, place.view
    )


def _cancelled_in_functions(tree: ast.Module) -> frozenset[str]:
    functions = (node for node in descendants(tree) if isinstance(node, _FUNCTIONS))
    return frozenset(name for function in functions for name in cancelled_in(function))


def _is_cancelled_by_a_call(attribute: str, view: ModuleView) -> bool:
    return any(
        isinstance(site.node.func, ast.Attribute) and attribute in objects([site.node.func.value])
        for site in view.project.calls_among([CANCEL], [f"{attribute}.{CANCEL}("])
    )


def _parameters(function: ast.AsyncFunctionDef) -> frozenset[str]:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return frozenset(one.arg for one in named) - {"self", "cls"}


def _is_cancelled_by_callers(frame: Frame, view: ModuleView) -> bool:
    """Whether callers cancel what they give to the function, or nobody in the project calls it."""
    callers = view.project.callers(frame)
    # A function that nobody in sight calls is there for others, whose tasks may be cancelled.
    return not callers or any(_cancels(caller.site, view) for caller in callers)


def _cancels(site: Site, view: ModuleView) -> bool:
    above = view.project.above(site.node, site.frame)
    return above is not None and not given_to(site.node).isdisjoint(cancelled_in(above[0]))


def _has_helper(calls: Sequence[ast.Call], frame: Frame, view: ModuleView) -> bool:
    return any(_helps(call, frame, view) for call in calls)


def _helps(call: ast.Call, frame: Frame, view: ModuleView, deeper: bool = True) -> bool:
    """Whether what is called cancels something: a function of the project by its body, another by its name.

    `deeper`: or gives what another one that it calls has cancelled.
    """
    inside = view.project.inside(call.func, frame)
    if not inside:
        return CANCEL in last_name(call.func).lower()
    # That a library cancels something somewhere inside says nothing about what is awaited here.
    if not view.project.is_of_project(inside[0][1]):
        return False
    if any(isinstance(node, ast.Attribute) and node.attr == CANCEL for node, _ in inside):
        return True
    # `return [self.cancel_task(name) for name in names]`
    results = view.project.results(Site(call, frame)) or () if deeper else ()
    return any(_helps(one, own, view, False) for result, own in results for one in _givers(result, own, view))


def _givers(result: ast.expr, frame: Frame, view: ModuleView) -> Iterator[ast.Call]:
    """Yield the calls in a value that a function returns, and in what it puts into that: `tasks.append(...)`."""
    yield from calls_in(result)
    above = view.project.above(result, frame)
    names = objects([result])
    for call in calls_in(above[0]) if above else ():
        match call:
            case ast.Call(func=ast.Attribute(value=value, attr="append" | "add" | "extend"), args=parts):
                if not names.isdisjoint(objects([value])):
                    yield from (inner for part in parts for inner in calls_in(part))
    sources = sources_in(above[0]) if above else {}
    yield from (call for name in names for call in sources.get(name, ()))
