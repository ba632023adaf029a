"""Locks that a context manager of the project holds while somebody is in it, and a pace that it keeps.

@asynccontextmanager
async def session(self):
    async with self._lock, self._make() as session:
        yield session                                `self._lock`, also where only one branch holds it
    await asyncio.sleep(self._quota.delay())         a pace, as in the function that enters it
"""

import ast

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.locks import entered, for_readers, is_lock
from async_lint.inference.independence.paced_answers import paces_next
from async_lint.inference.independence.scanned import Holder
from async_lint.inference.independence.shared_pace import keeps_shared_pace
from async_lint.inference.independence.sharing import Sharing, receiver_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, dotted, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import Frame

_MAKING = frozenset({"asynccontextmanager", "contextmanager"})


def held_within(evaluator: Evaluator, manager: ast.Call, frame: Frame) -> str:
    """Return the lock of its object that each of the functions that `manager` may call holds; empty if one does not."""
    held = [_held(function) for function in definitions(evaluator, manager.func, frame)]
    return held[0] if held and all(held) else ""


def keeps_pace_within(evaluator: Evaluator, manager: ast.Call, frame: Frame, holder: Holder) -> bool:
    """Whether each of the functions that `manager` may call keeps a pace. `holder` says whose their receiver is."""
    functions = definitions(evaluator, manager.func, frame)
    return bool(functions) and all(_keeps_pace(evaluator, one, holder) for one in functions)


def _keeps_pace(evaluator: Evaluator, function: Function, holder: Holder) -> bool:
    if not _is_manager(function):
        return False
    sharing = Sharing(function, holder, in_thread=False)
    calls = (node for node in descendants(function.whole()) if isinstance(node, ast.Call))
    sleeps = (call for call in calls if last_name(call.func) == "sleep")
    return any(keeps_shared_pace(evaluator, sleep, sharing) or paces_next(sleep, function) for sleep in sleeps)


def _is_manager(function: Function) -> bool:
    return not _MAKING.isdisjoint(map(last_name, function.node.decorator_list))


def _held(function: Function) -> str:
    if not _is_manager(function):
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
