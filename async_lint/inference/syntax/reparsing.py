"""The body of a function, parsed again from the text: the trees of a whole project take more room than all else."""

import ast
import warnings
from collections.abc import Mapping
from typing import TypeVar

from async_lint.inference.syntax.nodes import blocks

_Place = tuple[int, int]  # a line, a UTF-8 column
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

_Definition = TypeVar("_Definition", bound=ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def with_body(node: _Definition, body: list[ast.stmt]) -> _Definition:
    """Return a copy of a definition that has another body and shares the rest; an empty one leaves the header."""
    # `copy.copy` takes four times as long, and each function has one.
    made = type(node).__new__(type(node))
    made.__dict__.update(node.__dict__)
    made.body = body
    return made


def body_at(place: _Place, lines: str, text: str) -> list[ast.stmt]:
    """Return the body of the function at a place of a text, with places as in the whole; `lines` are its own."""
    try:
        return _body(place, _parsed(_padded(place, lines)).body)
    # A form feed before a `def` counts as a column and indents nothing.
    except (SyntaxError, LookupError):
        return _body(place, _parsed(text).body)


def put_back(known: Mapping[_Place, ast.stmt], body: list[ast.stmt]) -> None:
    """Put statements that others hold in place of those that stand at the same places in a body parsed again."""
    reached = [body] if known else []
    for block in reached:  # it grows meanwhile
        for index, statement in enumerate(block):
            place = statement.lineno, statement.col_offset
            if place in known:
                block[index] = known[place]
            else:
                reached += blocks(statement)


def _padded(place: _Place, lines: str) -> str:
    line, column = place
    return "\n" * (line - 2) + "if 1:\n" + lines if column else "\n" * (line - 1) + lines


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        # Of invalid escapes, which a file may have.
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _body(place: _Place, statements: list[ast.stmt]) -> list[ast.stmt]:
    line, _ = place
    reached = [statements]
    for block in reached:  # it grows meanwhile
        for statement in block:
            if isinstance(statement, _FUNCTIONS) and (statement.lineno, statement.col_offset) == place:
                return statement.body
            if statement.lineno <= line <= (statement.end_lineno or line):
                reached += blocks(statement)
    raise LookupError(place)
