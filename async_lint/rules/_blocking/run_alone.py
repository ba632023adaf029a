"""Coroutines that `asyncio.run` alone runs, and that have waited for nothing yet: nothing else is in that loop."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from async_lint.inference.face import Frame, ModuleView, Site, children, descendants, inside, last_name
from async_lint.rules._blocking.handed_to_run import IN_THREADS, helper_of, run_by
from async_lint.rules._blocking.meanwhile import TOGETHER, last_line
from async_lint.rules._blocking.runners import Place, place

# What makes a loop for one coroutine.
_MAKING_LOOPS = ("asyncio.run", "new_event_loop")
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)
_THREADS = "as_completed("


def is_run_alone(call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether the coroutine function around a call has the loop to itself: it let nothing else run, nor started it.

    `around` are the nodes above the call, its function first.
    """
    function = around[0]
    if not isinstance(function, ast.AsyncFunctionDef) or function.decorator_list:
        return False
    # Each call of a function asks, so what is found quickly comes first.
    module = call.frame.module
    if "run(" not in module.text and not any(map(view.project.mentions, _MAKING_LOOPS)):
        return False
    others = _others_from(function, module.lines(function.lineno, function.end_lineno or function.lineno))
    if others is not None and others <= last_line(call, around):
        return False
    if _is_run_where_defined(function, call.frame, view):
        return True
    # What others can see, they may call too, so each use of it has to be accounted for.
    sites = [caller.site for caller in view.project.callers(call.frame)]
    runs = {*_runs(function.name, view), *_run_by_helpers(sites, view)}
    named = view.project.handed_on(call.frame) if runs else None
    if named is None:
        return False
    uses = {place(*use) for use in [*named, *((site.node.func, site.frame) for site in sites)]}
    return bool(uses) and uses <= runs


@lru_cache(maxsize=1)
def _others_from(function: ast.AsyncFunctionDef, text: str) -> int | None:
    """Return the first line of a function from which on something else may run; None where there is none."""
    own = [node for node, _ in inside(children(function))]
    lines = [line for node in own if (line := _waits_on(node)) is not None]
    # Until it awaits something itself, only the futures of threads can be had from `as_completed`.
    for match in TOGETHER.finditer(text):
        if match.group() != _THREADS:
            lines.append(function.lineno + text.count("\n", 0, match.start()))
            break
    return min(lines, default=None)


def _waits_on(node: ast.AST) -> int | None:
    """Return the line of a node that gives the loop back; None for another one."""
    if isinstance(node, ast.comprehension):
        return node.target.lineno if node.is_async else None
    return node.lineno if isinstance(node, _WAITS) else None


def _is_run_where_defined(function: ast.AsyncFunctionDef, frame: Frame, view: ModuleView) -> bool:
    """Whether a function that another one defines is named there for nothing but runs: nobody else can name it."""
    scope = frame.enclosing_function()
    outer = scope.parent.enclosing_function() if scope is not None and scope.parent is not None else None
    if outer is None or outer.function is None or not isinstance(outer.function.node, ast.FunctionDef):
        return False
    nodes = descendants(outer.function.node)
    named = {id(node) for node in nodes if isinstance(node, ast.Name) and node.id == function.name}
    if not named:
        return False
    run = _run_among(nodes, outer, view)
    works = (node for node in nodes if isinstance(node, ast.Call) and id(node.func) in named - run)
    return named <= run | {id(work.func) for work in works if helper_of(Site(work, outer), view) is not None}


def _run_among(nodes: Iterable[ast.AST], frame: Frame, view: ModuleView) -> set[int]:
    """Return by their ids the callees whose coroutines some of the nodes run."""
    calls = (node for node in nodes if isinstance(node, ast.Call))
    coroutines = (run_by(node, frame, view) for node in calls)
    return {id(coroutine.func) for coroutine in coroutines if isinstance(coroutine, ast.Call)}


def _runs(name: str, view: ModuleView) -> Iterator[Place]:
    """Yield where something of that name is named for `asyncio.run(name(...))`, or bound to a name for nothing else."""
    for runner, frame in view.project.calls_among(["run", *IN_THREADS], [name]):
        match run_by(runner, frame, view):
            case ast.Call(func=callee) if last_name(callee) == name:
                yield place(callee, frame)
            case ast.Call(func=ast.Name(id=alias)):
                around = (view.project.above(runner, frame) or (None,))[0]
                if around is not None:
                    yield from (place(value, frame) for value in _bound_for_runs(alias, around, frame, view))


def _run_by_helpers(sites: Iterable[Site], view: ModuleView) -> Iterator[Place]:
    """Yield where functions of the project are given a coroutine by one of the calls, and run it like that."""
    for site in sites:
        if helper_of(site, view) is not None:
            yield place(site.node.func, site.frame)


def _bound_for_runs(alias: str, around: ast.AST, frame: Frame, view: ModuleView) -> Iterator[ast.expr]:
    """Yield what a function binds `alias` to; nothing where it does more with it than run."""
    nodes = descendants(around)
    uses = [node for node in nodes if isinstance(node, ast.Name) and node.id == alias]
    run = _run_among(nodes, frame, view)
    if any(isinstance(use.ctx, ast.Load) and id(use) not in run for use in uses):
        return
    targets = {id(use) for use in uses}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and id(node.targets[0]) in targets:
            yield node.value
