"""ASL303: a cache keeps the coroutine and hands it out again."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.answer import Kind
from async_lint.rule import Finding, Rule
from async_lint.rules._callbacks import message
from async_lint.rules._consumers import Consumer, Handed, could_be_named, entries, handed, hands_over
from async_lint.rules._decorated import applied, nearest, nearest_is, public_name
from async_lint.rules._names import own_nodes

CODE = "ASL303"

_could_hand_over = hands_over(CODE)


def could_decorate(function: ast.AsyncFunctionDef, facts: Facts) -> bool:
    return nearest_is(function, tuple(_caches()), facts)


def check_decorated(function: cst.FunctionDef, context: Context) -> Iterator[Finding]:
    decorator = nearest(function)
    if function.asynchronous is None or decorator is None:
        return
    name = public_name(applied(decorator), tuple(_caches()), context)
    if name is not None and not any(isinstance(each, cst.Yield) for each in own_nodes(function.body)):
        happens = _caches()[name].happens.format(object=Kind.COROUTINE.value)
        text = f"`{function.name.value}` is a coroutine function; {happens}"
        yield Finding(context.span(decorator), text)


def could_call(call: ast.Call, facts: Facts) -> bool:
    # `lru_cache(maxsize=8)(function)`
    return _could_hand_over(call, facts) or (
        isinstance(call.func, ast.Call) and could_be_named("consumer", CODE, call.func.func, facts)
    )


def check_call(call: cst.Call, context: Context) -> Iterator[Finding]:
    found = handed(call, CODE, context) or _decorates(call, context)
    if found is not None and found.answer.kind is Kind.COROUTINE:
        yield Finding(context.span(call), message(found, context))


def _decorates(call: cst.Call, context: Context) -> Handed | None:
    if not isinstance(call.func, cst.Call) or len(call.args) != 1:
        return None
    name = public_name(call.func.func, tuple(_caches()), context)
    argument = call.args[0].value
    return None if name is None else Handed(_caches()[name], argument, context.returns(argument))


def _caches() -> dict[str, Consumer]:
    return {name: entry for entry in entries("consumer") if entry.rule == CODE for name in entry.names}


RULE = Rule(
    code=CODE,
    name="cached-coroutine",
    summary="cache keeps a coroutine, which can be awaited only once",
    triggers={ast.AsyncFunctionDef: could_decorate, ast.Call: could_call},
    visit={cst.FunctionDef: check_decorated, cst.Call: check_call},
)
