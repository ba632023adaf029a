"""Whether code runs in an event loop that others may need meanwhile."""

import ast
import re
from collections.abc import Sequence

from async_lint.inference.face import Frame, descendants, is_test, last_name

# A module that starts a loop itself, and nothing in it that more than one coroutine would need.
_RUNS = re.compile(r"\b(?:asyncio|anyio|trio|uvloop|curio)\.run\(|\brun_until_complete\(")
_MAIN = re.compile(
    r"^if __name__ == ['\"]__main__['\"]|^(?:import|from) (?:argparse|click|fire|typer)\b", re.MULTILINE
)
_TOGETHER = re.compile(
    r"\b(?:create_task|ensure_future|gather|as_completed|TaskGroup|create_task_group|open_nursery|start_soon|serve"
    r"|start_server|create_server|run_in_executor|to_thread|run_coroutine_threadsafe|call_later|add_task)\("
)
# Who asks this knows that a loop may run, or none: one branch is for each.
_ASKS = frozenset(["get_running_loop", "is_running", "current_task", "current_async_library", "main_thread"])


def runs_on_loop(frame: Frame) -> bool:
    """Whether code of a frame runs when a coroutine does: that of a lambda runs when somebody calls it."""
    scope: Frame | None = frame
    while scope is not None and scope.function is None:
        if scope.cls is not None or isinstance(scope.node, ast.Lambda):
            return False
        scope = scope.parent
    return scope is not None and scope.function is not None and scope.function.is_async


def is_harmless(around: Sequence[ast.AST], frame: Frame) -> bool:
    """Whether nobody else is there who waits: in tests, in a script that runs one coroutine, where no loop runs.

    `around` are the nodes above the call, its function first.
    """
    return is_test(frame) or _is_alone(around[0], frame) or _is_where_no_loop_runs(around)


def _is_alone(function: ast.AST, frame: Frame) -> bool:
    """Whether a module is a script that starts a loop for one coroutine, and nobody else is handed the function."""
    text = frame.module.text
    if getattr(function, "decorator_list", None) or not _MAIN.search(text) or not _RUNS.search(text):
        return False
    return _TOGETHER.search(text) is None


def _is_where_no_loop_runs(around: Sequence[ast.AST]) -> bool:
    """Whether a test around a call asks if a loop runs here."""
    parts = (part for node in around if isinstance(node, ast.If) for part in descendants(node.test))
    return any(isinstance(part, ast.Call) and last_name(part.func) in _ASKS for part in parts)
