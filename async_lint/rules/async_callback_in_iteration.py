"""ASL301: `map`, `sorted` and the like call a function that returns a coroutine."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.model import FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._callbacks.consumers import handed, hands_over
from async_lint.rules._callbacks.forwarded import could_forward, forwarded
from async_lint.rules._callbacks.gather import gather_fix
from async_lint.rules._callbacks.wording import is_awaited_anyway, message

CODE = "ASL301"


_could_hand_over = hands_over(CODE)


def could_report(call: ast.Call, facts: Facts) -> bool:
    return _could_hand_over(call, facts) or could_forward(call, facts, CODE)


def check(call: cst.Call, context: Context) -> Iterator[Finding]:
    handover = handed(call, CODE, context)
    if handover is None:
        handover = forwarded(call, CODE, context)
    elif is_awaited_anyway(call, handover.consumer, handover.answer.kind, context):
        return
    if handover is not None:
        gathers = handover.consumer.elsewhere and handover.through is None
        fix = gather_fix(call, [*context.ancestors, call], context) if gathers else None
        yield Finding(context.span(call), message(handover, context), fix)


RULE = Rule(
    code=CODE,
    name="async-callback-in-iteration",
    summary="iteration calls a coroutine function and uses the coroutine as its result",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.Call: could_report},
    visit={cst.Call: check},
)
