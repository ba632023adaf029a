"""Functions with which the program ends: what they leave open is closed there, by nobody's doing."""

import ast

from async_lint.inference.face import Frame, ModuleView, Site, body_of, descendants, last_name
from async_lint.rules._resources.opened import is_called
from async_lint.rules._tasks.function_tree import function_around, tree_of
from async_lint.rules._tasks.waiting import waits_after

_METHOD = "run_until_complete"
_RUNNING = ("asyncio.run", "uvloop.run")
_REPEATED = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)
# From a function to those that await it, so many steps are followed.
_DEEP = 4


def ends_program(frame: Frame, view: ModuleView) -> bool:
    """Whether a function is called in the project only to be run as its program: `asyncio.run(main())`."""
    callers = _callers(frame, view)
    return bool(callers) and all(_is_program(site, view) for site in callers)


def is_last_wait(node: ast.AST, frame: Frame, view: ModuleView, depth: int = _DEEP) -> bool:
    """Whether nothing is awaited once a node has run, until the `asyncio.run` ends that alone runs its function.

    Coroutine functions that the project awaits are followed to where they are run.
    """
    function = function_around(frame)
    if function is None:
        return False
    tree = tree_of(function, tuple(body_of(function).statements))
    if id(node) not in tree.parents or waits_after(node, tree, lambda _: False):
        return False
    callers = _callers(frame, view) if depth else []
    return bool(callers) and all(_is_run(site, view) or _is_awaited_last(site, view, depth - 1) for site in callers)


def _is_awaited_last(site: Site, view: ModuleView, depth: int) -> bool:
    chain = view.project.above(site.node, site.frame)
    if not chain or not isinstance(chain[-1], ast.Await) or any(isinstance(node, _REPEATED) for node in chain):
        return False
    statement = next(node for node in reversed(chain) if isinstance(node, ast.stmt))
    waits = [node for node in descendants(statement) if isinstance(node, _WAITS)]
    return waits == [chain[-1]] and is_last_wait(site.node, site.frame, view, depth)


def _callers(frame: Frame, view: ModuleView) -> list[Site]:
    return [caller.site for caller in view.project.callers(frame) if caller.proved]


def _is_program(site: Site, view: ModuleView) -> bool:
    runner = _given_to(site, view)
    return runner is not None and (last_name(runner.func) == _METHOD or _is_run(site, view))


def _is_run(site: Site, view: ModuleView) -> bool:
    runner = _given_to(site, view)
    return runner is not None and is_called(runner, _RUNNING, site.frame, view)


def _given_to(site: Site, view: ModuleView) -> ast.Call | None:
    chain = view.project.above_call(site)
    return chain[-1] if chain and isinstance(chain[-1], ast.Call) else None
