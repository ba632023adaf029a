"""ASL305: `@asynccontextmanager` on a coroutine function in place of an async generator function."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.summary import has_yield
from async_lint.rule import Finding, Rule
from async_lint.rules._decorated import nearest, nearest_is, public_name
from async_lint.rules._names import own_nodes

_MANAGER = ("contextlib.asynccontextmanager",)
_SAYS = "`{name}` has no `yield`: it returns a coroutine, and entering it with `async with` raises TypeError"


def could_report(function: ast.AsyncFunctionDef, facts: Facts) -> bool:
    return bool(function.decorator_list) and nearest_is(function, _MANAGER, facts) and not has_yield(function)


def check(function: cst.FunctionDef, context: Context) -> Iterator[Finding]:
    decorator = nearest(function)
    if function.asynchronous is None or decorator is None or _is_placeholder(function.body):
        return
    if any(isinstance(each, cst.Yield) for each in own_nodes(function.body)):
        return
    if public_name(decorator, _MANAGER, context) is not None:
        yield Finding(context.span(decorator), _SAYS.format(name=function.name.value))


def _is_placeholder(body: cst.BaseSuite) -> bool:
    """Whether a body is that of an overload, a protocol or an abstract method: nothing, or no more than a `raise`."""
    for line in body.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else [line]:
            if isinstance(statement, (cst.Pass, cst.Raise)):
                continue
            if not isinstance(statement, cst.Expr) or not isinstance(statement.value, (cst.BaseString, cst.Ellipsis)):
                return False
    return True


RULE = Rule(
    code="ASL305",
    name="missing-yield",
    summary="asynccontextmanager is put on a coroutine function",
    triggers={ast.AsyncFunctionDef: could_report},
    visit={cst.FunctionDef: check},
)
