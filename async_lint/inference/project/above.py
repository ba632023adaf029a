"""What stands above a node of a function."""

import ast
from bisect import bisect_left
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
    line: int = getattr(node, "lineno", 0)
    # A function is asked about for many of its nodes: the statements that end further up are passed over at once.
    first = bisect_left(statements, line, key=lambda one: one.end_lineno or one.lineno)
    for statement in takewhile(lambda one: one.lineno <= line, islice(statements, first, None)):
        path = _path(statement, node)
        if path is not None:
            return (scope.function.node, *path)
    return None


def above_outside(node: ast.AST, module: Module) -> tuple[ast.AST, ...] | None:
    """Return the nodes above one that stands outside of the functions of its module."""
    paths = (_path(statement, node) for statement in outside_functions(module))
    found = next((path for path in paths if path is not None), None)
    return None if found is None else tuple(found)


def _path(start: ast.AST, target: Any) -> list[ast.AST] | None:
    if start is target:
        return []
    line: int = target.lineno
    if not getattr(start, "lineno", line) <= line <= (getattr(start, "end_lineno", None) or line):
        return None
    for child in children(start):
        path = _path(child, target)
        if path is not None:
            return [start, *path]
    return None
