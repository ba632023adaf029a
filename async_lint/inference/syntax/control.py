"""Statements and blocks: what stands around a place, and whether control runs off the end of a block."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from async_lint.inference.syntax.binding import Try, last_name
from async_lint.inference.syntax.nodes import blocks

# What managers are called that end an exception: `suppress`, `pytest.raises`, anyio's and trio's `move_on_after`.
SUPPRESSING = re.compile("suppress|ignor|swallow|catch|raises|move_on|silen", re.IGNORECASE)

Place = tuple[int, int]  # line, UTF-8 column


def holds(node: Any, place: Place) -> bool:
    return (node.lineno, node.col_offset) <= place < (node.end_lineno, node.end_col_offset)


def within(block: Sequence[ast.stmt], place: Place) -> bool:
    first, last = block[0], block[-1]
    return (first.lineno, first.col_offset) <= place < (last.end_lineno or 0, last.end_col_offset or 0)


def is_before(node: ast.expr, place: Place) -> bool:
    return (node.end_lineno or 0, node.end_col_offset or 0) <= place


def suppresses(manager: ast.expr) -> bool:
    """Whether a context manager is called like one that may keep back an exception."""
    callee = manager.func if isinstance(manager, ast.Call) else manager
    return SUPPRESSING.search(last_name(callee)) is not None


def leaves(block: Sequence[ast.stmt]) -> bool:
    """Whether control never runs off the end of the block."""
    if not block:
        return False
    # Only the last one: what follows a statement that leaves is never run, and hardly ever written.
    last = block[-1]
    if isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and leaves(last.body) and leaves(last.orelse)
    if isinstance(last, ast.With | ast.AsyncWith):
        # Where a manager keeps an exception back, control goes on behind the block.
        return leaves(last.body) and not any(suppresses(item.context_expr) for item in last.items)
    if isinstance(last, Try):
        # A `finally` that leaves does so on every way, out of a `return` too.
        if last.finalbody and leaves(last.finalbody):
            return True
        ends = leaves(last.orelse) if last.orelse else leaves(last.body)
        return ends and all(leaves(handler.body) for handler in last.handlers)
    if isinstance(last, ast.While):
        endless = isinstance(last.test, ast.Constant) and bool(last.test.value)
        return endless and not any(isinstance(statement, ast.Break) for statement in _own(last.body))
    if isinstance(last, ast.Match):
        whole = any(
            isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None
            for case in last.cases
        )
        return whole and all(leaves(case.body) for case in last.cases)
    return False


def _own(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a loop that its own `break` may stand among."""
    for statement in body:
        yield statement
        if not isinstance(
            statement, ast.For | ast.AsyncFor | ast.While | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        ):
            for block in blocks(statement):
                yield from _own(block)
