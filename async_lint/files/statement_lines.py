"""The lines of the statement around a line: what a tokenizer has to see of a file to know about that line."""

import ast
from bisect import bisect_right
from collections.abc import Sequence

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def lines_around(body: Sequence[ast.stmt], line: int) -> tuple[int, int]:
    """Return the first and the last line of the statements of a body that share lines with the one on `line`.

    Functions and classes are entered: of their own, they have a header and the statement behind it. A line between
    two statements stands for itself.
    """
    while True:
        at = bisect_right(body, line, key=_first) - 1
        # The one before may be longer than it: `x = ...; y = ...`.
        if at < 0 or _last(body[at]) < line:
            return line, line
        start = end = at
        while start and _last(body[start - 1]) >= _first(body[start]):
            start -= 1
        while end + 1 < len(body) and _first(body[end + 1]) <= _last(body[end]):
            end += 1
        statement = body[at]
        if start < end or not isinstance(statement, _Definition):
            return _first(body[start]), _last(body[end])
        if line <= _last(statement.body[0]):
            return _first(statement), _last(statement.body[0])
        body = statement.body


def _first(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return decorators[0].lineno if decorators else statement.lineno


def _last(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno
