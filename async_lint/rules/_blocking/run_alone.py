"""Coroutines that `asyncio.run` alone runs, and that have waited for nothing yet: nothing else is in that loop."""

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from async_lint.inference.face import Frame, ModuleView, Site, children, descendants, inside, last_name
from async_lint.rules._blocking.meanwhile import TOGETHER, last_line

_RUN = "asyncio.run"
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
    if "run(" not in module.text:
        return False
    others = _others_from(function, module.lines(function.lineno, function.end_lineno or function.lineno))
    if others is not None and others <= last_line(call, around):
        return False
    # What others can see, they may call too, so each use of it has to be accounted for.
    runs = sum(_runs(function.name, view))
    named = view.project.handed_on(call.frame) if runs else None
    return named is not None and len(named) + len(view.project.callers(call.frame)) == runs


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


def _runs(name: str, view: ModuleView) -> Iterator[int]:
    """Yield how often the function is named for each `asyncio.run(name(...))`, and each name it is bound to for one."""
    seen: set[tuple[int, str]] = set()
    for site in view.project.calls_among(["run"], []):
        runner, frame = site
        if view.names.name_of(runner.func, frame) not in (_RUN, view.names.canonical(_RUN)) or not runner.args:
            continue
        match runner.args[0]:
            case ast.Call(func=callee) if last_name(callee) == name:
                yield 1
            case ast.Call(func=ast.Name(id=alias)):
                around = (view.project.above(runner, frame) or (None,))[0]
                if around is not None and (id(around), alias) not in seen:
                    seen.add((id(around), alias))
                    yield _bound_for_runs(name, alias, around, frame, view)


def _bound_for_runs(name: str, alias: str, around: ast.AST, frame: Frame, view: ModuleView) -> int:
    """Return how often a function binds `alias` to the function of that name; 0 where it does more with it than run."""
    nodes = descendants(around)
    uses = [node for node in nodes if isinstance(node, ast.Name) and node.id == alias]
    run = {
        id(runner.args[0].func)
        for runner in nodes
        if isinstance(runner, ast.Call) and runner.args and isinstance(runner.args[0], ast.Call)
        if view.names.name_of(runner.func, frame) in (_RUN, view.names.canonical(_RUN))
    }
    if any(isinstance(use.ctx, ast.Load) and id(use) not in run for use in uses):
        return 0
    targets = {id(use) for use in uses}
    return sum(
        isinstance(node.value, ast.Name | ast.Attribute) and last_name(node.value) == name
        for node in nodes
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and id(node.targets[0]) in targets
    )
