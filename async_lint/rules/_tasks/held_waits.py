"""Calls to wait for which is safe without a reference to the task: a timer or a thread holds who waits for them."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Frame, Function, How, ModuleView, Site, argument, body_of, descendants, last_name
from async_lint.rules._tasks.scheduling import scheduler

SLEEP = "asyncio.sleep"
_WAIT = "asyncio.wait"
_WAIT_FOR = "asyncio.wait_for"
_SHIELD = "asyncio.shield"
_TASK = "asyncio.Task"
TO_THREAD = "asyncio.to_thread"
# Who has one will release it, so it is reachable from there as well; nobody need be there to set an event.
_LOCKS = ("asyncio.Lock", "asyncio.Semaphore", "asyncio.BoundedSemaphore", "asyncio.Condition")

_DEPTH = 4  # steps from a lock back to the attribute that holds it


def holds_who_waits(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether the event loop's timer, or the executor, refers to the task that awaits a call until that is done."""
    match last_name(call.func):
        case "run_in_executor":
            by = scheduler(view.calls.kind_of(call, frame).name, view.names.canonical)
            return by is not None and by.executor
        case "wait":
            return is_call_of([_WAIT], call, frame, view) and (
                _has_a_timer(call, -1, frame, view) or _has_a_held_task(call, frame, view)
            )
        # Its timer refers to the task, or to a future that the task waits for.
        case "wait_for":
            return is_call_of([_WAIT_FOR], call, frame, view) and _has_a_timer(call, 1, frame, view)
        case "shield":
            return is_held_task(call, frame, view)
        case "acquire":
            return isinstance(call.func, ast.Attribute) and is_held_lock(call.func.value, frame, view)
    return is_call_of([SLEEP, TO_THREAD], call, frame, view)


def is_held_lock(lock: ast.expr, frame: Frame, view: ModuleView, depth: int = _DEPTH) -> bool:
    """Whether an attribute holds a lock or its like, which refers to who waits for it.

    The lock may have a local name, or come from a function that returns the attribute.
    """
    if view.names.name_unless_none(lock, frame) not in (*_LOCKS, *map(view.names.canonical, _LOCKS)):
        return False
    found: Sequence[tuple[ast.expr, Frame]] = ()
    match lock:
        case ast.Attribute():
            return True
        case ast.Name() if _is_item_of_attribute(lock.id, frame):
            return True
        case ast.Name() if depth:
            seen, unseen = view.project.sources(lock, frame)
            found = () if unseen else seen
        case ast.Call() if depth:
            found = view.project.results(Site(lock, frame)) or ()
    return bool(found) and all(is_held_lock(*each, view, depth - 1) for each in found)


def _is_item_of_attribute(name: str, frame: Frame) -> bool:
    """Whether a function binds a name only by loops over attributes, which hold what they go over."""
    body = body_of(frame.function) if frame.function is not None else None
    bindings = body.table.get(name, ()) if body is not None and name not in body.outward else ()
    return bool(bindings) and all(
        binding.how is How.ITERATE and not binding.path and isinstance(binding.value, ast.Attribute)
        for binding in bindings
    )


def _has_a_held_task(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether one of the tasks that are written out refers to who waits for it: one is enough."""
    match call.args:
        case [ast.List(elts) | ast.Set(elts) | ast.Tuple(elts), *_]:
            return any(is_held_task(each, frame, view) for each in elts)
    return False


def is_held_task(awaited: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether an attribute, or a global, holds the task that is awaited, which refers to who waits for it.

    Behind a `shield`, too: the task refers to what that gives. A future does not go on by itself: its owner may be
    reachable from the waiting task alone.
    """
    if isinstance(awaited, ast.Call):
        is_shield = bool(awaited.args) and is_call_of([_SHIELD], awaited, frame, view)
        return is_shield and is_held_task(awaited.args[0], frame, view)
    # None cannot be awaited.
    if view.names.name_unless_none(awaited, frame) not in (_TASK, view.names.canonical(_TASK)):
        return False
    if isinstance(awaited, ast.Attribute):
        return True
    function = frame.function
    if not isinstance(awaited, ast.Name) or function is None:
        return False
    return _is_global(awaited.id, function) or _is_in_attribute(awaited.id, function)


def _is_global(name: str, function: Function) -> bool:
    body = body_of(function)
    if any(isinstance(statement, ast.Global) and name in statement.names for statement in body.statements):
        return True
    return function.outer is None and name not in body.table


def _is_in_attribute(name: str, function: Function) -> bool:
    """Whether all that a function binds to a name comes from an attribute, or some of it is put into one."""
    body = body_of(function)
    bindings = body.table.get(name, ())
    if name in body.outward or not bindings:
        return False
    return all(isinstance(binding.value, ast.Attribute) and not binding.path for binding in bindings) or any(
        _puts_into_attribute(name, node) for statement in body.statements for node in descendants(statement)
    )


def _puts_into_attribute(name: str, node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets, ast.Name(value)):
            return value == name and any(isinstance(target, ast.Attribute) for target in targets)
        case ast.Call(ast.Attribute(ast.Attribute(), "append" | "add"), [ast.Name(value)]):
            return value == name
    return False


def is_call_of(names: Sequence[str], call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    return view.calls.kind_of(call, frame).name in (*names, *map(view.names.canonical, names))


def _has_a_timer(call: ast.Call, position: int, frame: Frame, view: ModuleView) -> bool:
    """Whether a call of `asyncio.wait` or `asyncio.wait_for` is given seconds for certain, not None.

    `position` is where they stand among its arguments, negative where they have to be named.
    """
    timeout = argument(call, "timeout", position)
    # The default of a field is a constant for who is given nothing else.
    if timeout is None or view.names.may_be_none(timeout, frame):
        return False
    if _is_time(timeout, frame, view):
        return True
    # Of a parameter, every call of the function has to say so.
    given, unseen = view.project.sources(timeout, frame) if isinstance(timeout, ast.Name) else ((), True)
    return bool(given) and not unseen and all(_is_time(*each, view) for each in given)


def _is_time(timeout: ast.expr, frame: Frame, view: ModuleView) -> bool:
    values = view.project.constants(timeout, frame)
    return bool(values) and all(isinstance(each.value, int | float) and each.value > 0 for each in values or ())
