"""ASL303: a cache keeps the coroutine and hands it out again."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Kind
from async_lint.rule import Finding, Rule
from async_lint.rules._callbacks.consumers import (
    Consumer,
    Handed,
    could_be_named,
    entries,
    handed,
    hands_over,
    is_given,
)
from async_lint.rules._callbacks.forwarded import could_forward, forwarded
from async_lint.rules._callbacks.wording import message
from async_lint.rules._shared.decorated import applied, public_name
from async_lint.rules._shared.evidence import grounds

CODE = "ASL303"

_could_hand_over = hands_over(CODE)


def could_decorate(function: ast.FunctionDef | ast.AsyncFunctionDef, facts: Facts) -> bool:
    listed = function.decorator_list
    return any(
        could_be_named("consumer", CODE, decorator.func if isinstance(decorator, ast.Call) else decorator, facts)
        for decorator in listed
    )


def check_decorated(function: cst.FunctionDef, context: Context) -> Iterator[Finding]:
    for decorator in (node.decorator for node in function.decorators):
        name = public_name(applied(decorator), tuple(_caches()), context)
        counterpart = context.counterpart(decorator) if name is not None else None
        if name is None or counterpart is None:
            continue
        answer = context.view.calls.decorates(counterpart.node, function.name.value, counterpart.frame)
        if answer.kind is Kind.COROUTINE:
            happens = _caches()[name].happens.format(object=answer.kind.value)
            yield Finding(context.span(decorator), f"{grounds(answer)}; {happens}")
            return


def could_call(call: ast.Call, facts: Facts) -> bool:
    # `lru_cache(maxsize=8)(function)`
    decorates = isinstance(call.func, ast.Call) and could_be_named("consumer", CODE, call.func.func, facts)
    return decorates or _could_hand_over(call, facts) or could_forward(call, facts, CODE)


def check_call(call: cst.Call, context: Context) -> Iterator[Finding]:
    handover = handed(call, CODE, context) or _decorates(call, context) or forwarded(call, CODE, context)
    if handover is not None and handover.answer.kind is Kind.COROUTINE:
        yield Finding(context.span(call), message(handover, context))


def _decorates(call: cst.Call, context: Context) -> Handed | None:
    if not isinstance(call.func, cst.Call) or len(call.args) != 1:
        return None
    name = public_name(call.func.func, tuple(_caches()), context)
    argument = call.args[0].value
    if name is None or is_given(argument, context):
        return None
    return Handed(_caches()[name], argument, context.returns(argument))


def _caches() -> dict[str, Consumer]:
    return {name: entry for entry in entries("consumer") if entry.rule == CODE for name in entry.names}


RULE = Rule(
    code=CODE,
    name="cached-coroutine",
    summary="cache keeps a coroutine, which can be awaited only once",
    triggers={ast.FunctionDef: could_decorate, ast.AsyncFunctionDef: could_decorate, ast.Call: could_call},
    visit={cst.FunctionDef: check_decorated, cst.Call: check_call},
)
