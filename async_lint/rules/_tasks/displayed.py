"""What a notebook keeps because it shows it: the value of a cell's last expression."""

import ast
import re

from async_lint.context import Context
from async_lint.model import Span

_NOTHING_MORE = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n[ \t]*(?:#[^\n]*)?)*\Z")


def is_displayed(statement: Span, context: Context) -> bool:
    """Whether a statement is the last of its cell, with no semicolon that keeps its value out of IPython's `Out`."""
    source = context.source
    if source.notebook is None or not _is_expression(statement, context):
        return False
    start = source.offset(statement.end)
    rest = source.text[start : source.text.index(source.notebook.mark, start)]
    return _NOTHING_MORE.match(rest) is not None


def _is_expression(statement: Span, context: Context) -> bool:
    ends = (node for node in context.source.tree.body if node.end_lineno == statement.end.line)
    return any(isinstance(node, ast.Expr) and context.source.span(node).end == statement.end for node in ends)
