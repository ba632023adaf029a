"""Processes that are given the terminal: who uses it meanwhile is whom the program waits for."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import BlockingPath

_KINDS = frozenset(["process", "input"])
_GIVES = "suspend"


def is_given_terminal(path: BlockingPath, around: Sequence[ast.AST]) -> bool:
    """Whether a process runs below `with app.suspend():`, in which Textual lends the terminal, and draws nothing.

    `around` are the nodes above the call. A thread would let the loop draw on what another program shows.
    """
    items = (item.context_expr for node in around if isinstance(node, ast.With) for item in node.items)
    return path.end.blocker.kind in _KINDS and any(
        isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr == _GIVES
        for item in items
    )
