"""Coroutines that have an event loop, and a thread for that, to themselves."""

import ast
import re

from async_lint.inference.face import Frame, ModuleView, Site, argument, last_name
from async_lint.rules._blocking.meanwhile import TOGETHER

_RUNS = "asyncio.run"
_WORK = "textual.work"
_MAKES_LOOP = "new_event_loop"


def has_own_loop(call: Site, function: ast.AST, view: ModuleView) -> bool:
    """Whether nothing else can run in the loop of the coroutine function around a call.

    It starts nothing itself, and all that runs it are functions which are a thread's, in a loop that they made.
    """
    scope = call.frame.enclosing_function()
    if not isinstance(function, ast.AsyncFunctionDef) or scope is None or scope.parent is None:
        return False
    # What others can see, they may call too.
    if scope.parent.enclosing_function() is None:
        return False
    module = call.frame.module
    if TOGETHER.search(module.lines(function.lineno, function.end_lineno or function.lineno)) is not None:
        return False
    callers = view.project.callers(call.frame)
    mentions = re.findall(rf"\b{function.name}\b", module.text)
    is_only_called = bool(callers) and len(mentions) == len(callers) + 1
    return is_only_called and all(caller.proved and _is_run_in_thread(caller.site, view) for caller in callers)


def _is_run_in_thread(site: Site, view: ModuleView) -> bool:
    around = view.project.above(site.node, site.frame)
    if not around or not isinstance(around[0], ast.FunctionDef) or not isinstance(around[-1], ast.Call):
        return False
    runner = around[-1]
    return site.node in runner.args and is_thread_with_loop(Site(runner, site.frame), around[0], view)


def is_thread_with_loop(runner: Site, function: ast.FunctionDef, view: ModuleView) -> bool:
    """Whether what runs a coroutine stands in a function that threads alone run, and has a loop of its own for that."""
    if not runs_alone(*runner, view):
        return False
    if any(_makes_worker(decorator, runner.frame, view) for decorator in function.decorator_list):
        return True
    return not view.project.callers(runner.frame) and _is_of_thread(function.name, view)


def _makes_worker(decorator: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether a decorator lets a thread run each call of a function: `@work(thread=True)` of Textual."""
    if not isinstance(decorator, ast.Call) or view.names.name_of(decorator.func, frame) not in _workers(view):
        return False
    thread = argument(decorator, "thread", -1)
    return isinstance(thread, ast.Constant) and thread.value is True


def _workers(view: ModuleView) -> tuple[str, str]:
    return _WORK, view.names.canonical(_WORK)


def runs_alone(runner: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a call runs a coroutine in a loop that is made for it, in the same function or by `asyncio.run`."""
    match runner.func:
        case ast.Attribute(value=loop, attr="run_until_complete"):
            made = view.project.origins(loop, frame)
            return bool(made) and all(
                last_name(site.node.func) == _MAKES_LOOP and site.frame is frame for site in made or ()
            )
    return view.names.name_of(runner.func, frame) in (_RUNS, view.names.canonical(_RUNS))


def _is_of_thread(name: str, view: ModuleView) -> bool:
    """Whether a function is given to threads in the file."""
    for site in view.project.calls_among(["Thread"], []):
        target = argument(site.node, "target", 1)
        if isinstance(target, ast.Name | ast.Attribute) and last_name(target) == name:
            return view.names.name_of(site.node.func, site.frame) == "threading.Thread"
    return False
