"""What may go on in a loop while one of its coroutines waits for a person."""

import ast
import re
from collections.abc import Iterator, Sequence

from async_lint.inference.face import ModuleView, Site, descendants

TOGETHER = re.compile(
    r"\b(?:create_task|ensure_future|gather|as_completed|TaskGroup|create_task_group|open_nursery|start_soon|serve"
    r"|start_server|create_server|run_in_executor|to_thread|run_coroutine_threadsafe|call_later|add_task)\("
)
# What an awaited function may leave behind that goes on.
_LEFT_RUNNING = re.compile(r"\b(?:create_task|ensure_future|start_soon|run_coroutine_threadsafe|call_later|add_task)\(")


def goes_on_before(call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether a function may have something go on by the time that it comes to one of its calls.

    It has started that further up or, in a loop, in the turn before; or a coroutine that it awaited there has.
    """
    function = around[0]
    first, line = getattr(function, "lineno", 1), call.node.lineno
    loop = next((node for node in around if isinstance(node, ast.For | ast.AsyncFor | ast.While)), None)
    last = line if loop is None else loop.end_lineno or line
    lines = call.frame.module.lines
    if TOGETHER.search(lines(first, last)) is not None:
        return True
    return any(_LEFT_RUNNING.search(text) is not None for text in _awaited(function, last, call, view))


def _awaited(function: ast.AST, last: int, call: Site, view: ModuleView) -> Iterator[str]:
    """Yield the text of the coroutine functions that a function awaits down to a line."""
    for node in descendants(function):
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call) and node.lineno <= last:
            body = view.project.body(node.value.func, call.frame)
            if body is not None:
                statements, inner = body
                yield inner.module.lines(statements[0].lineno, statements[-1].end_lineno or statements[-1].lineno)
