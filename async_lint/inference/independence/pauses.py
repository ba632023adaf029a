"""Pauses between two calls of one function, which are told apart by their order: a key is pressed, and let go."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.syntax.binding import last_name


def pauses_between(block: Sequence[ast.stmt]) -> Iterator[ast.Call]:
    """Yield each sleep of a block that stands between two awaited calls of one function."""
    awaited = list(_awaited(block))
    for at, call in enumerate(awaited):
        if last_name(call.func) == "sleep":
            before = {ast.unparse(other.func) for other in awaited[:at]}
            after = {ast.unparse(other.func) for other in awaited[at + 1 :]}
            if not before.isdisjoint(after - {ast.unparse(call.func)}):
                yield call


def _awaited(block: Sequence[ast.stmt]) -> Iterator[ast.Call]:
    for statement in block:
        match statement:
            case ast.Expr(value=ast.Await(value=ast.Call() as call)):
                yield call
