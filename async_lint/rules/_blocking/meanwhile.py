"""What lets something else run in a loop, and by which line that has happened."""

import ast
import re
from collections.abc import Sequence

from async_lint.inference.face import Site

TOGETHER = re.compile(
    r"\b(?:create_task|ensure_future|gather|as_completed|TaskGroup|create_task_group|open_nursery|start_soon|serve"
    r"|start_server|create_server|run_in_executor|to_thread|run_coroutine_threadsafe|call_later|add_task)\("
)


def last_line(call: Site, around: Sequence[ast.AST]) -> int:
    """Return the last line that may have run before a call: in a loop, that is the last of the loop."""
    loop = next((node for node in around if isinstance(node, ast.For | ast.AsyncFor | ast.While)), None)
    return call.node.lineno if loop is None else loop.end_lineno or call.node.lineno
