"""Coroutine functions that commands alone run, step by step: nothing else is in their loop.

@click.command()
def build():
    asyncio.run(build_all())         a command: its file imports what makes one, or has a `__main__` block

async def build_all():
    for name in names():
        await build_one(name)        and has started nothing before

async def build_one(name):
    subprocess.run(["make", name])   nobody waits but who started the command
"""

import ast
import re
from collections.abc import Sequence
from functools import lru_cache

from async_lint.inference.face import Frame, ModuleView, Site, is_test, last_name
from async_lint.rules._blocking.handed_to_run import helper_of
from async_lint.rules._blocking.meanwhile import TOGETHER
from async_lint.rules._blocking.own_loop import is_thread_with_loop
from async_lint.rules._blocking.runners import is_kept_as_command, is_run_by_decorator, place, runners
from async_lint.rules._blocking.started import has_started

_STEPS = 8
_WRAPPERS = 3  # plain functions between a command and what it runs
_FUNCTIONS = 40  # that one question looks at
_COMMAND = re.compile(
    r"^(?:import|from) (?:argparse|click|cyclopts|docopt|fire|optparse|rich_click|typer)\b"
    r"|^if __name__ == ['\"]__main__['\"]",
    re.MULTILINE,
)
_PARSER = re.compile(r"\bArgumentParser\b")
_WAIT_FOR = "wait_for"


def is_step_of_command(call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether every way to a call begins with a command, and nothing on it has started anything that goes on.

    `around` are the nodes above the call, its function first.
    """
    scope = call.frame.enclosing_function()
    if scope is None or not isinstance(around[0], ast.AsyncFunctionDef):
        return False
    return _is_function_of_command(scope, around[0], view) and not has_started(call, around, view)


# Each call of a function that blocks asks the same of it.
@lru_cache(maxsize=1)
def _is_function_of_command(frame: Frame, function: ast.AsyncFunctionDef, view: ModuleView) -> bool:
    return _Search(view).is_run_by_commands(frame, function, _STEPS)


class _Search:
    """The ways up from one function; each function on them is looked at once, and not taken for granted meanwhile."""

    def __init__(self, view: ModuleView) -> None:
        self._view = view
        self._known: dict[tuple[str, int], bool] = {}

    def is_run_by_commands(self, frame: Frame, function: ast.AsyncFunctionDef, steps: int) -> bool:
        key = (frame.module.path, function.lineno)
        if key not in self._known:
            self._known[key] = False
            self._known[key] = len(self._known) <= _FUNCTIONS and self._find(frame, function, steps)
        return self._known[key]

    def _find(self, frame: Frame, function: ast.AsyncFunctionDef, steps: int) -> bool:
        view = self._view
        scope = frame.enclosing_function()
        if scope is None or scope.parent is None or steps == 0:
            return False
        is_command = is_kept_as_command(function.decorator_list, scope.parent, view)
        if function.decorator_list and not is_command:
            return is_run_by_decorator(function.decorator_list, scope.parent, view)
        # Those that may be calls of it, too: none of them leads elsewhere.
        given = len(function.args.args) - (scope.function is not None and scope.function.owner is not None)
        callers = [
            caller.site
            for caller in view.project.callers(frame)
            if not is_test(caller.site.frame) and (caller.proved or _fits(caller.site.node, function, given))
        ]
        named = view.project.handed_on(frame)
        run = {
            place(callee, site.frame): site for site, callee in runners(function.name, view) if not is_test(site.frame)
        }
        given_away = ((site, helper_of(site, view)) for site in callers)
        run |= {place(site.node.func, site.frame): helper for site, helper in given_away if helper is not None}
        # A function that calls itself is run by whoever runs it first.
        others = [site for site in callers if not _stands_in(site, function)]
        if named is None or not (others or run or is_command):
            return False
        if not all(place(node, inner) in run for node, inner in named if not is_test(inner)):
            return False
        if not all(_is_command(site, view) for site in run.values()):
            return False
        awaiting = [site for site in callers if place(site.node.func, site.frame) not in run]
        return all(self._is_awaited(site, function, steps) for site in awaiting)

    def _is_awaited(self, site: Site, function: ast.AsyncFunctionDef, steps: int) -> bool:
        """Whether a call is awaited where it stands, in a coroutine function that commands alone run as well."""
        around = self._view.project.above(site.node, site.frame)
        if around is None or not isinstance(around[0], ast.AsyncFunctionDef) or not _waits_for(site, around):
            return False
        if not _stands_in(site, function) and not self.is_run_by_commands(site.frame, around[0], steps - 1):
            return False
        return not has_started(site, around, self._view)


def _fits(call: ast.Call, function: ast.AsyncFunctionDef, given: int) -> bool:
    """Whether a call that may be anybody's gives a function no more by position than it takes."""
    return function.args.vararg is not None or len(call.args) <= given + len(function.args.posonlyargs)


def _stands_in(site: Site, function: ast.AsyncFunctionDef) -> bool:
    scope = site.frame.enclosing_function()
    node = scope.function.node if scope is not None and scope.function is not None else None
    return node is not None and (node.name, node.lineno) == (function.name, function.lineno)


def _waits_for(site: Site, around: Sequence[ast.AST]) -> bool:
    match around[-1]:
        case ast.Await():
            return True
        case ast.AsyncFor(iter=iterated):
            return iterated is site.node
        case ast.Call(func=callee):
            return last_name(callee) == _WAIT_FOR and isinstance(around[-2], ast.Await)
    return False


def _is_command(runner: Site, view: ModuleView) -> bool:
    """Whether a call that runs a coroutine stands in a command, or is a thread's, and its loop has no more to run."""
    frame = runner.frame
    around = view.project.above(*runner)
    # What a module runs when it is imported runs before anything else.
    if around is None:
        return True
    function = around[0]
    if not isinstance(function, ast.FunctionDef):
        return False
    lines = frame.module.lines(function.lineno, function.end_lineno or function.lineno)
    if last_name(runner.node.func) != "run" and TOGETHER.search(lines) is not None:
        return False
    if _COMMAND.search(frame.module.text) is not None or is_thread_with_loop(runner, function, view):
        return True
    scope = frame.enclosing_function()
    owner = scope.function.owner if scope is not None and scope.function is not None else None
    bases = owner.node.bases if owner is not None else []
    module = frame
    while module.parent is not None:
        module = module.parent
    if any(_PARSER.search(view.names.source_of(base, module)) is not None for base in bases):
        return True
    return _is_called_by_commands(frame, view, _WRAPPERS)


def _is_called_by_commands(frame: Frame, view: ModuleView, depth: int) -> bool:
    """Whether commands alone call a plain function, for all that is seen."""
    callers = [caller for caller in view.project.callers(frame) if not is_test(caller.site.frame)]
    if not callers or not all(caller.proved for caller in callers):
        return False
    named = view.project.handed_on(frame)
    if named is None or not all(is_test(inner) for _, inner in named):
        return False
    return all(_calls_in_command(caller.site, view, depth) for caller in callers)


def _calls_in_command(site: Site, view: ModuleView, depth: int) -> bool:
    around = view.project.above(*site)
    if around is None:
        return True
    if not isinstance(around[0], ast.FunctionDef):
        return False
    is_there = _COMMAND.search(site.frame.module.text) is not None
    return is_there or (depth > 1 and _is_called_by_commands(site.frame, view, depth - 1))
