"""Whether code runs in an event loop that others may need meanwhile."""

import ast
import re
from collections.abc import Sequence
from functools import lru_cache

from async_lint.inference.face import BlockingPath, Frame, ModuleView, Site, descendants, is_test, last_name
from async_lint.rules._blocking.dialog import is_in_dialog
from async_lint.rules._blocking.ended_by_event import has_set_event
from async_lint.rules._blocking.ended_by_future import has_set_future
from async_lint.rules._blocking.ended_by_loop import has_ended_loop
from async_lint.rules._blocking.ended_program import ends_program
from async_lint.rules._blocking.given_terminal import is_given_terminal
from async_lint.rules._blocking.meant import is_meant, lines_above
from async_lint.rules._blocking.meanwhile import TOGETHER
from async_lint.rules._blocking.not_serving import is_not_serving
from async_lint.rules._blocking.numeric_address import is_numeric_by_default
from async_lint.rules._blocking.own_loop import has_own_loop
from async_lint.rules._blocking.run_alone import is_run_alone
from async_lint.rules._blocking.set_up_once import is_installed_once
from async_lint.rules._blocking.started import has_started_itself
from async_lint.rules._blocking.steps_of_commands import is_step_of_command
from async_lint.rules._blocking.told_of_start import is_told_of_start
from async_lint.rules._blocking.told_to_stop import is_told_to_stop
from async_lint.rules._shared.exited import has_exited

# A module that starts a loop itself, and nothing in it that more than one coroutine would need.
_RUNS = re.compile(r"\b(?:asyncio|anyio|trio|uvloop|curio)\.run\(|\brun_until_complete\(")
_AT_ONCE = re.compile(r"^(?:\w+ = )?(?:asyncio|anyio|trio|uvloop|curio)\.run\(", re.MULTILINE)
_MAIN = re.compile(r"^if __name__ == ['\"]__main__['\"]", re.MULTILINE)
# What makes commands of functions: such a file is run for one of them.
_COMMANDS = re.compile(r"^(?:import|from) (?:argparse|click|fire|typer)\b", re.MULTILINE)
# What drives coroutines by hand, without a loop: the same code serves a blocking client.
_DRIVES = re.compile(r"\.send\(None\)|\biter_coroutine\b")
# Who asks this knows that a loop may run, or none: one branch is for each.
_ASKS = frozenset(["get_running_loop", "get_event_loop", "is_running", "current_task", "current_async_library"])
_ENDING = frozenset(["exit", "_exit"])
_ASKS_THREAD = frozenset(["current_thread", "get_ident", "main_thread"])


def runs_on_loop(frame: Frame) -> bool:
    """Whether code of a frame runs when a coroutine does: that of a lambda runs when somebody calls it."""
    scope: Frame | None = frame
    while scope is not None and scope.function is None:
        if scope.cls is not None or isinstance(scope.node, ast.Lambda):
            return False
        scope = scope.parent
    return scope is not None and scope.function is not None and scope.function.is_async


def is_harmless(path: BlockingPath, call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether nobody else is there who waits: in tests, in a script that runs one coroutine, where no loop runs.

    `around` are the nodes above the call, its function first.
    """
    function, frame = around[0], call.frame
    # In a dialog, who types is whom the program waits for, unless the function itself has something go on meanwhile.
    if path.end.blocker.kind == "input" and not has_started_itself(call, around, view):
        return True
    if is_test(frame) or is_meant(around, frame) or _is_alone(function, frame) or _drives_by_hand(frame.module.text):
        return True
    if any(_asks_for_loop(node, function) or _ends_program(node) for node in around):
        return True
    if ends_program(path, call, function, view) or is_run_alone(call, around, view):
        return True
    if is_given_terminal(path, around) or (not path.hops and has_exited(call, around, view)):
        return True
    if is_installed_once(path, call, around) or is_numeric_by_default(path, call, function, view):
        return True
    if is_told_to_stop(path, call, around, view) or is_told_of_start(path, call, function, view):
        return True
    if has_set_future(path, call, around, view) or has_set_event(path, call, around, view):
        return True
    if has_ended_loop(path, call, around, view) or has_own_loop(call, function, view):
        return True
    if is_not_serving(call, around, view):
        return True
    return is_in_dialog(call, around, view) or is_step_of_command(call, around, view)


def _ends_program(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in _ENDING


def _is_alone(function: ast.AST, frame: Frame) -> bool:
    """Whether a module is a script that starts a loop for one coroutine, and nobody else is handed the function."""
    if _is_guarded(function, frame):
        return True
    return not getattr(function, "decorator_list", None) and _runs_one(frame.module.text)


# Each finding of a file asks for the same text.
@lru_cache(maxsize=1)
def _runs_one(text: str) -> bool:
    if TOGETHER.search(text) is not None:
        return False
    if _COMMANDS.search(text) is not None or _AT_ONCE.search(text) is not None:
        return True
    return bool(_MAIN.search(text) and _RUNS.search(text))


@lru_cache(maxsize=1)
def _drives_by_hand(text: str) -> bool:
    return _DRIVES.search(text) is not None


def _is_guarded(function: ast.AST, frame: Frame) -> bool:
    """Whether a function is defined below `if __name__ == "__main__":`."""
    line, column = getattr(function, "lineno", 1), getattr(function, "col_offset", 0)
    above = lines_above(line, frame) if column else ()
    outermost = next((text for text in above if text[:1].strip("# \t\r\n")), "")
    return _MAIN.match(outermost) is not None


def _asks_for_loop(node: ast.AST, function: ast.AST) -> bool:
    """Whether a node is a condition that asks if a loop runs here, or which thread this is."""
    if not isinstance(node, ast.If | ast.IfExp):
        return False
    parts = descendants(node.test)
    if any(isinstance(part, ast.Call) and last_name(part.func) in _ASKS | _ASKS_THREAD for part in parts):
        return True
    # `loop = get_event_loop()`, and then `if loop is None:`
    return not _answers_in(function).isdisjoint(part.id for part in parts if isinstance(part, ast.Name))


@lru_cache(maxsize=1)
def _answers_in(function: ast.AST) -> frozenset[str]:
    """Return the names that a function binds to what such a question gives."""
    return frozenset(
        target.id
        for node in descendants(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and last_name(node.value.func) in _ASKS
        for target in node.targets
        if isinstance(target, ast.Name) and len(node.targets) == 1
    )
