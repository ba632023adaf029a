"""Pauses that keep calls apart: between two of one function, or after each answer that a loop collects.

press(key), sleep, press(key)                               told apart by their order: a key is pressed, and let go
while True: page = await ask(); found.extend(page); sleep   spares the other side, which everybody else asks, too
while not done: done = await ask(); sleep                   none: it waits for something to happen
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.independence.words import names_any
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants


def pauses_between(block: Sequence[ast.stmt]) -> Iterator[ast.Call]:
    """Yield each sleep of a block that stands between two awaited calls of one function."""
    awaited = list(_awaited(block))
    for at, call in enumerate(awaited):
        if last_name(call.func) == "sleep":
            before = {ast.unparse(other.func) for other in awaited[:at]}
            after = {ast.unparse(other.func) for other in awaited[at + 1 :]}
            if not before.isdisjoint(after - {ast.unparse(call.func)}):
                yield call


def pauses_in_collecting(loop: ast.For | ast.While) -> Iterator[ast.Call]:
    """Yield each sleep of a loop that stands behind an awaited answer and what collects it."""
    blocks = [loop.body, *(statement.body for statement in loop.body if isinstance(statement, ast.Try))]
    for block in blocks:
        asked = collected = False
        for statement in block:
            match statement:
                # What fails there is tried again: the pause is behind the failure.
                case ast.Try():
                    continue
                case ast.Expr(value=ast.Await(value=ast.Call() as call)) if last_name(call.func) == "sleep":
                    if asked and collected:
                        yield call
                case _:
                    nodes = descendants(statement)
                    asked = asked or any(isinstance(node, ast.Await) for node in nodes)
                    collected = collected or any(map(_collects, nodes))


def _collects(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=kept, attr="append" | "extend")):
            return not names_any(kept, "logs")
    return False


def _awaited(block: Sequence[ast.stmt]) -> Iterator[ast.Call]:
    for statement in block:
        match statement:
            case ast.Expr(value=ast.Await(value=ast.Call() as call)):
                yield call
