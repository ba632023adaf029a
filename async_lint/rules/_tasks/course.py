"""What becomes of work that is started and dropped, as far as the body of its function is in sight."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from async_lint.inference.face import Frame, ModuleView, Site, Try, body_of, children
from async_lint.rules._tasks.caught_errors import cannot_fail, catches_all, loses_no_error
from async_lint.rules._tasks.decided_branches import NOTHING, Decided, alive, decided
from async_lint.rules._tasks.held_waits import TO_THREAD, holds_who_waits, is_call_of, is_held_lock, is_held_task
from async_lint.rules._tasks.kept_by_itself import kept_at
from async_lint.rules._tasks.momentary import ends_at_once
from async_lint.rules._tasks.scheduling import Scheduler

_WAITS_FOR_NOTHING = "nothing waits for it"
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_SUSPENDING = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield, ast.YieldFrom)
# From a coroutine to those that it awaits, so many steps are followed.
_DEEP = 4


def as_it_goes(by: Scheduler, call: ast.Call, frame: Frame, view: ModuleView) -> Scheduler | None:
    """Return what a scheduler does to the very work that `call` gives it; None when nothing of it can get lost."""
    if by.executor:
        done = call.args[1] if len(call.args) > 1 else None
        return None if done is not None and loses_no_error(done, frame, view) else by
    works = call.args if by.several else [work for work in [_first(call)] if work is not None]
    if not works:
        return by
    held = all(isinstance(work, ast.Call) and _is_held(work, frame, view, _DEEP) for work in works)
    # A timer or a thread refers to the task: it cannot be collected, but its error gets lost all the same.
    left = replace(by, lost=_WAITS_FOR_NOTHING, collected=False) if held else by
    if by.several or not isinstance(works[0], ast.Call):
        return left
    if _has_nothing_to_lose(works[0], held, frame, view):
        return None
    return replace(left, fails=False) if loses_no_error(works[0].func, frame, view) else left


def _first(call: ast.Call) -> ast.expr | None:
    # As `create_task`, `ensure_future` and `shield` call their first parameter.
    named = (keyword.value for keyword in call.keywords if keyword.arg in ("coro", "coro_or_future", "arg"))
    return call.args[0] if call.args else next(named, None)


def _has_nothing_to_lose(work: ast.Call, held: bool, frame: Frame, view: ModuleView) -> bool:
    if ends_at_once(work, frame, view):
        return True
    if held and (loses_no_error(work.func, frame, view) or _only_notifies(work, frame, view)):
        return True
    if is_call_of([TO_THREAD], work, frame, view):
        # The thread holds what waits for it.
        return bool(work.args) and loses_no_error(work.args[0], frame, view)
    if _never_suspends(work, frame, view, _DEEP) or _ends_with_held_task(work, frame, view):
        return True
    return _keeps_itself(work, frame, view)


def _only_notifies(work: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a coroutine does no more than to tell who waits for a condition, which does not fail."""
    body = _body(work, frame, view)
    match body[0] if body is not None else ():
        case [
            ast.AsyncWith(
                items=[ast.withitem(context_expr=condition)],
                body=[ast.Expr(ast.Call(func=ast.Attribute(value=told, attr="notify" | "notify_all")))],
            )
        ]:
            return ast.unparse(condition) == ast.unparse(told)
    return False


def _never_suspends(work: ast.Call, frame: Frame, view: ModuleView, depth: int, known: Decided = NOTHING) -> bool:
    """Whether a coroutine awaits nothing, or only what never suspends it: so of every method that may be meant."""
    bodies = _bodies(work, frame, view) if depth else None
    return bool(bodies) and all(
        inner.function is not None
        and inner.function.is_async
        and not any(True for _ in _waits(statements, inner, view, depth - 1, decided(work, inner.function, known)))
        for statements, inner in bodies or ()
    )


def _bodies(work: ast.Call, frame: Frame, view: ModuleView) -> tuple[tuple[list[ast.stmt], Frame], ...] | None:
    """Return the bodies that a call may run: of the methods of its name, where nothing tells whose it is."""
    found = view.project.bodies(work.func, frame)
    if found is None and isinstance(work.func, ast.Name):
        return _bodies_given(work.func, frame, view)
    if found is None and isinstance(work.func, ast.Attribute) and view.calls.kind_of(work, frame).name is None:
        return view.project.bodies_named(work.func.attr, frame)
    return found


def _bodies_given(name: ast.Name, frame: Frame, view: ModuleView) -> tuple[tuple[list[ast.stmt], Frame], ...] | None:
    """Return the bodies of all that a name may stand for: of a parameter, what the callers give; None is not called."""
    given, unseen = view.project.sources(name, frame)
    found = [
        view.project.bodies(value, where)
        for value, where in given
        if not (isinstance(value, ast.Constant) and value.value is None)
    ]
    if unseen or None in found:
        return None
    return tuple(body for bodies in found for body in bodies or ())


def _is_coroutine_function(frame: Frame) -> bool:
    return frame.function is not None and frame.function.is_async


def _is_held(work: ast.Call, frame: Frame, view: ModuleView, depth: int) -> bool:
    """Whether a coroutine waits for nothing but what holds who waits for it: timers, work in threads, held tasks."""
    if holds_who_waits(work, frame, view):
        return True
    body = _body(work, frame, view) if depth else None
    waits = list(_waits(*body, view, _DEEP)) if body is not None else []
    return body is not None and bool(waits) and all(_holds(wait, body[1], view, depth - 1) for wait in waits)


def _holds(wait: ast.AST, frame: Frame, view: ModuleView, depth: int) -> bool:
    match wait:
        case ast.Await(ast.Call() as call):
            return _is_held(call, frame, view, depth)
        case ast.Await(awaited):
            return is_held_task(awaited, frame, view)
        case ast.AsyncWith(items):
            return all(_lets_in(item.context_expr, frame, view, depth) for item in items)
    return False


def _lets_in(manager: ast.expr, frame: Frame, view: ModuleView, depth: int) -> bool:
    """Whether what an `async with` waits for is a held lock, be it in the function that makes the manager."""
    if is_held_lock(manager, frame, view):
        return True
    if not depth or not isinstance(manager, ast.Call) or view.project.entered(Site(manager, frame)) is None:
        return False
    inside = view.project.inside(manager.func, frame) or ()
    inner = inside[0][1].enclosing_function() if inside else None
    if inner is None or inner.function is None:
        return False
    waits = _waits(body_of(inner.function).statements, inner, view, _DEEP)
    return all(isinstance(wait, ast.Yield) or _holds(wait, inner, view, depth - 1) for wait in waits)


def _keeps_itself(work: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a coroutine puts its own task where it is held, before it waits for what may leave it collected."""
    body = _body(work, frame, view)
    kept = kept_at(*body, view) if body is not None else None
    if body is None or kept is None:
        return False
    before = (wait for wait in _waits(*body, view, _DEEP) if _place(wait) < _place(kept))
    return all(_holds(wait, body[1], view, _DEEP) for wait in before)


def _place(node: ast.AST) -> tuple[int, int]:
    at = node.target if isinstance(node, ast.comprehension) else node
    return getattr(at, "lineno", 0), getattr(at, "col_offset", 0)


def _ends_with_held_task(work: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a coroutine comes to its end once it has waited for a task that somebody else holds.

    What that one did and how it ended is there to be seen: nothing is lost but the wait.
    """
    body = _body(work, frame, view)
    if body is None:
        return False
    statements, inner = body
    last = _last_wait(statements, inner, view)
    return (
        last is not None
        and list(_waits(statements, inner, view, _DEEP)) == [last]
        and (is_held_task(last.value, inner, view))
    )


def _last_wait(statements: Sequence[ast.stmt], frame: Frame, view: ModuleView) -> ast.Await | None:
    """Return the wait behind which nothing is left to fail."""
    ends = len(statements)
    while ends > 1 and cannot_fail(statements[ends - 1]):
        ends -= 1
    last = statements[ends - 1]
    # What fails behind the wait, in a `try` that lets nothing out, is dealt with there.
    if isinstance(last, Try) and catches_all(last, frame, view):
        last = last.body[0]
    match last:
        case (
            ast.Expr(ast.Await() as wait)
            | ast.Return(ast.Await() as wait)
            | ast.Assign([ast.Name()], ast.Await() as wait)
        ):
            return wait
    return None


def _body(work: ast.Call, frame: Frame, view: ModuleView) -> tuple[list[ast.stmt], Frame] | None:
    body = view.project.body(work.func, frame)
    if isinstance(work.func, ast.Call):
        # A function that makes the coroutine function: `self.tracked(f)()`.
        made = view.project.results(Site(work.func, frame)) or ()
        body = view.project.body(*made[0]) if len(made) == 1 else None
    return body if body is not None and _is_coroutine_function(body[1]) else None


def _waits(
    body: Sequence[ast.stmt], frame: Frame, view: ModuleView, depth: int, known: Decided = NOTHING
) -> Iterator[ast.AST]:
    """Yield what may suspend a body: not the `put` into a queue that was not seen to be bounded, for one."""
    for suspension in _suspensions(body, known):
        awaited = suspension.value if isinstance(suspension, ast.Await) else None
        if isinstance(awaited, ast.Call):
            if ends_at_once(awaited, frame, view) or _never_suspends(awaited, frame, view, depth, known):
                continue
        yield suspension


def _suspensions(nodes: Sequence[ast.AST], known: Decided) -> Iterator[ast.AST]:
    for node in nodes:
        if isinstance(node, _SUSPENDING) or (isinstance(node, ast.comprehension) and node.is_async):
            yield node
        if not isinstance(node, _SCOPES):
            branch = alive(node, known)
            yield from _suspensions(children(node) if branch is None else branch, known)
