"""Comments in which a type checker is told to leave out a coroutine that nobody awaits."""

import re

from async_lint.context import Context
from async_lint.model import Span

# Of mypy, pyright, ty and pyrefly. A comment that names no rule may be about anything.
_TOLD = re.compile(
    r"#\s*(?:type|pyright|ty|pyrefly):\s*ignore\[[^\]]*\b(?:unused-coroutine|unused-awaitable|reportUnusedCoroutine)\b"
)


def is_left_out_of_type_checkers(span: Span, context: Context) -> bool:
    """Whether such a comment stands on a line of `span`."""
    lines = context.source.lines[span.start.line - 1 : span.end.line]
    return any("ignore[" in line and _TOLD.search(line) for line in lines)
