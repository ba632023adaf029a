"""Locks that a context manager of the project holds while somebody is in it.

@asynccontextmanager
async def session(self):
    async with self._lock, self._make() as session:
        yield session                                `self._lock`, also where only one branch holds it
"""

import ast

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.locks import entered, for_readers, is_lock
from async_lint.inference.independence.sharing import receiver_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, dotted, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import Frame

_MAKING = frozenset({"asynccontextmanager", "contextmanager"})


def held_within(evaluator: Evaluator, manager: ast.Call, frame: Frame) -> str:
    """Return the lock of its object that each of the functions that `manager` may call holds; empty if one does not."""
    held = [_held(function) for function in definitions(evaluator, manager.func, frame)]
    return held[0] if held and all(held) else ""


def _held(function: Function) -> str:
    if _MAKING.isdisjoint(map(last_name, function.node.decorator_list)):
        return ""
    receiver = receiver_of(function)
    for node in descendants(function.whole()):
        if isinstance(node, ast.With | ast.AsyncWith):
            yields = any(isinstance(part, ast.Yield) for line in node.body for part in descendants(line))
            for lock in (one for item in node.items if yields for one in entered(item.context_expr, function)):
                of_receiver = receiver and dotted(lock).partition(".")[0] == receiver
                if of_receiver and is_lock(lock) and not for_readers(lock):
                    return ast.unparse(lock)
    return ""
