"""Work that threads do: whether that is all that a function does, and whether there are several of them."""

import ast

from async_lint.inference.independence.handed_work import is_hand_off
from async_lint.inference.independence.verdict import NoGroundError, Tier
from async_lint.inference.names import origins
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame

_SHORT = 8  # calls in a plain function that hands work to a thread: more than that is work of its own


def hand_offs(function: Function) -> list[ast.Call]:
    """Return the calls of a function that leave work to a thread."""
    calls = (node for node in descendants(function.whole()) if isinstance(node, ast.Call))
    return [call for call in calls if is_hand_off(call.func)]


def only_hands_off(function: Function) -> bool:
    """Whether a function does its work in a thread: it awaits nothing else, and its own part is short."""
    handed = hand_offs(function)
    awaited = [node.value for node in descendants(function.whole()) if isinstance(node, ast.Await)]
    if function.is_async:
        return bool(handed) and all(value in handed for value in awaited)
    calls = [node for node in descendants(function.whole()) if isinstance(node, ast.Call)]
    return len(handed) == 1 and len(calls) <= _SHORT


def tier_within(evaluator: Evaluator, function: Function) -> Tier:
    """Return the least sure of the executors that a function hands work to. Raises NoGroundError for one worker."""
    frame = function_scope(function)
    handing = (call for call in hand_offs(function) if last_name(call.func) == "run_in_executor" and call.args)
    return min((tier_of_executor(evaluator, node.args[0], frame) for node in handing), default=Tier.SHOWN)


def tier_of_executor(evaluator: Evaluator, executor: ast.expr, frame: Frame) -> Tier:
    """Return how sure it is that an executor works on several at once. Raises NoGroundError for one worker."""
    if isinstance(executor, ast.Constant):
        return Tier.SHOWN
    if has_one_thread(evaluator, executor, frame):
        raise NoGroundError("the executor has one thread")
    return Tier.SHOWN if origins.origins(evaluator, executor, frame) else Tier.PLAUSIBLE


def has_one_thread(evaluator: Evaluator, executor: ast.expr, frame: Frame) -> bool:
    """Whether an executor was made with one thread."""
    for site in origins.origins(evaluator, executor, frame) or ():
        workers = [*site.node.args[:1], *(word.value for word in site.node.keywords if word.arg == "max_workers")]
        if any(isinstance(value, ast.Constant) and value.value == 1 for value in workers):
            return True
    return False
