"""What stands above a node of a function."""

import ast
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice, takewhile
from typing import Any

from async_lint.inference.modules.summary import body_of, outside_functions
from async_lint.inference.syntax.binding import Module
from async_lint.inference.syntax.nodes import children
from async_lint.inference.types.values import Frame


def above(node: ast.AST, frame: Frame) -> tuple[ast.AST, ...] | None:
    """Return the nodes above one of a function's, the function with its body first; None outside functions."""
    scope = frame.enclosing_function()
    if scope is None or scope.function is None:
        return None
    statements = body_of(scope.function).statements
    path = _below_one(statements, node, True)
    if path is None:
        # Before Python 3.12, what stands in an f-string may have the column of another place.
        path = _below_one(statements, node, False)
    return None if path is None else (scope.function.node, *path)


def above_outside(node: ast.AST, module: Module) -> tuple[ast.AST, ...] | None:
    """Return the nodes above one that stands outside of the functions of its module."""
    paths = (_path(statement, node, False) for statement in outside_functions(module))
    found = next((path for path in paths if path is not None), None)
    return None if found is None else tuple(found)


def _below_one(statements: Sequence[ast.stmt], node: Any, columns: bool) -> list[ast.AST] | None:
    # A function is asked about for many of its nodes: the statements that end further up are passed over at once.
    place = node.lineno, node.col_offset if columns else 0
    first = bisect_left(statements, place, key=lambda one: (one.end_lineno, one.end_col_offset))
    for statement in takewhile(lambda one: one.lineno <= node.lineno, islice(statements, first, None)):
        path = _path(statement, node, columns)
        if path is not None:
            return path
    return None


def _path(start: ast.AST, target: Any, columns: bool) -> list[ast.AST] | None:
    if start is target:
        return []
    if not _may_hold(start, target, columns):
        return None
    for child in children(start):
        path = _path(child, target, columns)
        if path is not None:
            return [start, *path]
    return None


def _may_hold(node: Any, target: Any, columns: bool) -> bool:
    """Whether a node may stand above another one by where they stand: on which lines, and in which columns of them."""
    first, last = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
    if first is None or last is None:
        return True
    if not columns:
        return bool(first <= target.lineno <= last)
    place = target.lineno, target.col_offset
    return bool((first, node.col_offset) <= place <= (last, node.end_col_offset))
