"""ASL302: an executor, a thread, the event loop or the interpreter calls a function that returns a coroutine."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.rule import Finding, Rule
from async_lint.rules._callbacks.consumers import (
    OBJECTS,
    Consumer,
    Handed,
    by_last_name,
    could_be_named,
    handed,
    hands_over,
    named,
)
from async_lint.rules._callbacks.forwarded import could_forward, forwarded
from async_lint.rules._callbacks.waited import could_wait, waited
from async_lint.rules._callbacks.wording import is_awaited_anyway, message, remedy
from async_lint.rules._shared.names import own_nodes

CODE = "ASL302"

_could_hand_over = hands_over(CODE)


def could_report(call: ast.Call, facts: Facts) -> bool:
    return _could_hand_over(call, facts) or could_wait(call, facts, CODE) or could_forward(call, facts, CODE)


def could_assign(statement: ast.Assign, facts: Facts) -> bool:
    targets = [target for target in statement.targets if isinstance(target, ast.Attribute)]
    return any(target.attr in by_last_name("hook", CODE) for target in targets) and (
        facts.returns(statement.value).kind in OBJECTS
    )


def could_decorate(function: ast.AsyncFunctionDef, facts: Facts) -> bool:
    return any(could_be_named("consumer", CODE, decorator, facts) for decorator in function.decorator_list[-1:])


def check_call(call: cst.Call, context: Context) -> Iterator[Finding]:
    handover = handed(call, CODE, context)
    if handover is not None and is_awaited_anyway(call, handover.consumer, handover.answer.kind, context):
        return
    handover = handover or waited(call, CODE, context) or forwarded(call, CODE, context)
    if handover is not None:
        yield Finding(context.span(call), message(handover, context), remedy(handover.consumer))


def check_decorated(function: cst.FunctionDef, context: Context) -> Iterator[Finding]:
    """`@atexit.register` hands over the function below it; what other decorators between make of it is not known."""
    if function.asynchronous is None or not function.decorators:
        return
    decorator = function.decorators[-1].decorator
    for consumer in named("consumer", CODE, decorator, context):
        if consumer.position == 0:
            object_ = (
                "async generator"
                if any(isinstance(node, cst.Yield) for node in own_nodes(function.body))
                else "coroutine"
            )
            happens = consumer.happens.format(object=object_)
            text = f"`{function.name.value}` is an asynchronous function; {happens}"
            yield Finding(context.span(decorator), text, remedy(consumer))
            return


def check_assignment(statement: cst.Assign, context: Context) -> Iterator[Finding]:
    for hook in filter(None, (_hook(target.target, context) for target in statement.targets)):
        answer = context.returns(statement.value)
        if answer.kind in OBJECTS:
            handover = Handed(hook, statement.value, answer)
            yield Finding(context.span(statement.value), message(handover, context), remedy(hook))


def _hook(target: cst.BaseExpression, context: Context) -> Consumer | None:
    if not isinstance(target, cst.Attribute):
        return None
    candidates = by_last_name("hook", CODE).get(target.attr.value, ())
    name = f"{context.name_of(target.value)}.{target.attr.value}" if candidates else ""
    return next((hook for hook in candidates if name in hook.names), None)


RULE = Rule(
    code=CODE,
    name="async-callback-never-awaited",
    summary="callback is a coroutine function, and what calls it does not await",
    triggers={ast.Call: could_report, ast.Assign: could_assign, ast.AsyncFunctionDef: could_decorate},
    visit={cst.Call: check_call, cst.Assign: check_assignment, cst.FunctionDef: check_decorated},
)
