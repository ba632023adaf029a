"""ASL305: `@asynccontextmanager` on a coroutine function in place of an async generator function."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Kind, has_yield
from async_lint.rule import Finding, Rule
from async_lint.rules._callbacks.consumers import could_be_named, handed, hands_over, named
from async_lint.rules._callbacks.wording import message
from async_lint.rules._shared.evidence import grounds
from async_lint.rules._shared.names import own_nodes

CODE = "ASL305"


def could_decorate(function: ast.FunctionDef | ast.AsyncFunctionDef, facts: Facts) -> bool:
    if not any(could_be_named("consumer", CODE, decorator, facts) for decorator in function.decorator_list):
        return False
    return isinstance(function, ast.FunctionDef) or not has_yield(function)


def check_decorated(function: cst.FunctionDef, context: Context) -> Iterator[Finding]:
    if _is_placeholder(function.body) or any(isinstance(node, cst.Yield) for node in own_nodes(function.body)):
        return
    for decorator in (node.decorator for node in function.decorators):
        counterpart = context.counterpart(decorator)
        for consumer in named("consumer", CODE, decorator, context) if counterpart is not None else ():
            assert counterpart is not None
            answer = context.view.calls.decorates(counterpart.node, function.name.value, counterpart.frame)
            if answer.kind is Kind.COROUTINE:
                shown = grounds(answer) if function.asynchronous is None else f"`{function.name.value}` has no `yield`"
                yield Finding(context.span(decorator), f"{shown}; {consumer.happens.format(object=answer.kind.value)}")


def _is_placeholder(body: cst.BaseSuite) -> bool:
    """Whether a body is that of an overload, a protocol or an abstract method: nothing, or no more than a `raise`."""
    for line in body.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else [line]:
            if isinstance(statement, (cst.Pass, cst.Raise)):
                continue
            if not isinstance(statement, cst.Expr) or not isinstance(statement.value, (cst.BaseString, cst.Ellipsis)):
                return False
    return True


def check_call(call: cst.Call, context: Context) -> Iterator[Finding]:
    handover = handed(call, CODE, context)
    if handover is not None and handover.answer.kind is Kind.COROUTINE:
        yield Finding(context.span(call), message(handover, context))


RULE = Rule(
    code=CODE,
    name="missing-yield",
    summary="asynccontextmanager is put on a coroutine function",
    triggers={ast.FunctionDef: could_decorate, ast.AsyncFunctionDef: could_decorate, ast.Call: hands_over(CODE)},
    visit={cst.FunctionDef: check_decorated, cst.Call: check_call},
)
