"""ASL102: a coroutine is bound to a name, and nothing ever awaits it."""

from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.model import FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._coroutine_uses.await_fix import await_fix
from async_lint.rules._coroutine_uses.lost import lost
from async_lint.rules._coroutine_uses.plain_work import works_at_once
from async_lint.rules._coroutine_uses.triggers import BINDING
from async_lint.rules._coroutine_uses.uses import Bound
from async_lint.rules._coroutine_uses.way import Shape
from async_lint.rules._shared.evidence import grounds


def check(call: cst.Call, context: Context) -> Iterator[Finding]:
    coroutine = lost(call, context)
    if coroutine is not None and coroutine.bound is not None and not works_at_once(call, context):
        object_ = coroutine.answer.kind.value
        message = f"{grounds(coroutine.answer)}; {_consequence(coroutine.bound, object_, context)}"
        yield Finding(context.span(call), message, await_fix(call, context))


def _consequence(bound: Bound, object_: str, context: Context) -> str:
    holds = "is bound to" if bound.shape is Shape.ONE else "is put into"
    if bound.rebound is not None:
        line = context.span(bound.rebound).start.line
        why = f"which line {line} binds again before anything reads it"
    elif bound.is_read:
        why = "which nothing awaits"
    else:
        why = "which nothing in the project reads" if "." in bound.name else "which nothing reads"
    return f"its {object_} {holds} `{bound.name}`, {why}, so the body never runs"


RULE = Rule(
    code="ASL102",
    name="unused-coroutine",
    summary="coroutine is bound to a name and never awaited",
    fix=FixAvailability.SOMETIMES,
    triggers=BINDING,
    visit={cst.Call: check},
)
