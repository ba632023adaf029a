"""Coroutines that `asyncio.run` alone runs, and that have waited for nothing yet: nothing else is in that loop."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from async_lint.inference.face import Frame, ModuleView, Site, children, descendants, inside, last_name
from async_lint.rules._blocking.meanwhile import TOGETHER, last_line
from async_lint.rules._blocking.runners import Place, place

_RUN = "asyncio.run"
# What runs `asyncio.run` in another thread: `pool.submit(asyncio.run, upload(name))`.
_IN_THREADS = ("submit", "run_in_executor", "to_thread")
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)
_THREADS = "as_completed("


def is_run_alone(call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether the coroutine function around a call has the loop to itself: it let nothing else run, nor started it.

    `around` are the nodes above the call, its function first.
    """
    function = around[0]
    if not isinstance(function, ast.AsyncFunctionDef) or function.decorator_list:
        return False
    module = call.frame.module
    # Each call of a function asks, so what is found quickly comes first.
    if "run(" not in module.text and not view.project.mentions(_RUN, function.name):
        return False
    others = _others_from(function, module.lines(function.lineno, function.end_lineno or function.lineno))
    if others is not None and others <= last_line(call, around):
        return False
    if _is_run_where_defined(function, call.frame, view):
        return True
    # What others can see, they may call too, so each use of it has to be accounted for.
    runs = set(_runs(function.name, view))
    named = view.project.handed_on(call.frame) if runs else None
    if named is None:
        return False
    sites = [caller.site for caller in view.project.callers(call.frame)]
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
    return bool(named) and named <= _run_among(nodes, outer, view)


def _run_among(nodes: Iterable[ast.AST], frame: Frame, view: ModuleView) -> set[int]:
    """Return by their ids the callees whose coroutines some of the nodes run."""
    calls = (node for node in nodes if isinstance(node, ast.Call))
    return {id(run.func) for node in calls if (run := _run_by(node, frame, view)) is not None}


def _run_by(runner: ast.Call, frame: Frame, view: ModuleView) -> ast.Call | None:
    """Return the call whose coroutine another one runs in a loop of its own, in another thread or not."""
    if last_name(runner.func) not in ("run", *_IN_THREADS):
        return None
    for function, coroutine in pairwise([runner.func, *runner.args]):
        if isinstance(coroutine, ast.Call) and last_name(function) == "run":
            if view.names.name_of(function, frame) in (_RUN, view.names.canonical(_RUN)):
                return coroutine
    return None


def _runs(name: str, view: ModuleView) -> Iterator[Place]:
    """Yield where something of that name is named for `asyncio.run(name(...))`, or bound to a name for nothing else."""
    for runner, frame in view.project.calls_among(["run", *_IN_THREADS], [name]):
        match _run_by(runner, frame, view):
            case ast.Call(func=callee) if last_name(callee) == name:
                yield place(callee, frame)
            case ast.Call(func=ast.Name(id=alias)):
                around = (view.project.above(runner, frame) or (None,))[0]
                if around is not None:
                    yield from (place(value, frame) for value in _bound_for_runs(alias, around, frame, view))


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
