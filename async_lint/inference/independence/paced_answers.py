"""Pauses as long as an answer says, when nothing more is asked: what they hold up is the call that comes next.

response = await self._client.get(path)
if response.headers["left"] == "0":
    await asyncio.sleep(int(response.headers["reset"]))      found: the answer is there, and is given back
return response
while True:
    response = await self._client.get(path)
    if response.status_code != 429:
        return response
    await asyncio.sleep(int(response.headers["retry"]))      not found: it asks again, and so does each for itself
"""

import ast
from collections.abc import Iterable, Iterator, Sequence

from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Function, How, dotted
from async_lint.inference.syntax.nodes import blocks, descendants

_GIVING = (ast.Return, ast.Yield)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def paces_next(sleep: ast.Call, function: Function) -> bool:
    """Whether a sleep in a function is one of these."""
    told = set(_answers(sleep.args, function, set()))
    return bool(told) and _ends_after(sleep, function.node.body, told) is not False


def _answers(values: Iterable[ast.expr], function: Function, asked: set[str]) -> Iterator[str]:
    """Yield the names of the answers that some values were worked out from."""
    for part in (part for value in values for part in descendants(value)):
        if isinstance(part, ast.Name) and _is_answer(part.id, function):
            yield part.id
        elif isinstance(part, ast.Name) and part.id not in asked:
            asked.add(part.id)
            bound = body_of(function).table.get(part.id, ())
            yield from _answers([one.value for one in bound if one.value is not None], function, asked)


def _is_answer(name: str, function: Function) -> bool:
    """Whether a name stands for what the function has waited for."""
    bound = body_of(function).table.get(name, ())
    return bool(bound) and all(
        one.how is How.ASYNC_ENTER or (one.how is How.ASSIGN and isinstance(one.value, ast.Await)) for one in bound
    )


def _ends_after(sleep: ast.Call, block: Sequence[ast.stmt], told: set[str]) -> bool | None:
    """Whether the function asks nothing more behind a sleep in a block; None where the block ends before it is sure."""
    within = next((at for at, statement in enumerate(block) if sleep in descendants(statement)), None)
    if within is None:
        return False
    around = block[within]
    below = next((part for part in blocks(around) if any(sleep in descendants(one) for one in part)), None)
    ends = _ends_after(sleep, below, told) if below is not None else None
    if ends is not None:
        return ends
    if isinstance(around, _LOOPS):
        return False
    for statement in block[within + 1 :]:
        if isinstance(statement, ast.Break | ast.Continue) or _asks_more(statement, told):
            return False
        if any(isinstance(part, _GIVING) for part in descendants(statement)):
            return True
    return None


def _asks_more(statement: ast.stmt, told: set[str]) -> bool:
    """Whether a statement waits for anything but the rest of an answer: `await response.json()`."""
    for part in descendants(statement):
        if isinstance(part, ast.Await):
            called = part.value.func if isinstance(part.value, ast.Call) else part.value
            if dotted(called).partition(".")[0] not in told:
                return True
        elif isinstance(part, ast.AsyncFor | ast.AsyncWith):
            return True
    return False
