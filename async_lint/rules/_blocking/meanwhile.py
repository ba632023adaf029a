"""What may go on in a loop while one of its coroutines waits for a person."""

import ast
import re
from collections.abc import Sequence

from async_lint.inference.face import Site

TOGETHER = re.compile(
    r"\b(?:create_task|ensure_future|gather|as_completed|TaskGroup|create_task_group|open_nursery|start_soon|serve"
    r"|start_server|create_server|run_in_executor|to_thread|run_coroutine_threadsafe|call_later|add_task)\("
)


def goes_on_before(call: Site, around: Sequence[ast.AST]) -> bool:
    """Whether a function may have something go on by the time that it comes to one of its calls.

    It has started that further up or, in a loop, in the turn before. `around` are the nodes above the call.
    """
    # What other functions start they may end as well, before they return.
    lines = call.frame.module.lines(getattr(around[0], "lineno", 1), last_line(call, around))
    return TOGETHER.search(lines) is not None


def last_line(call: Site, around: Sequence[ast.AST]) -> int:
    """Return the last line that may have run before a call: in a loop, that is the last of the loop."""
    loop = next((node for node in around if isinstance(node, ast.For | ast.AsyncFor | ast.While)), None)
    return call.node.lineno if loop is None else loop.end_lineno or call.node.lineno
