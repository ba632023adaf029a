"""ASL107: `await`, `async with` or `async for` on what is shown to be synchronous."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Answer, Kind, Lack
from async_lint.model import Applicability, Edit, Fix, FixAvailability, Position, Span
from async_lint.rule import Finding, Rule
from async_lint.rules._shared.evidence import grounds
from async_lint.rules._shared.guards import expects_failure, is_asked_for, is_attempted, is_dead

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

_FAILS = {
    "__await__": "the `await` raises TypeError",
    "__aenter__": "the `async with` raises before its body runs",
    "__aiter__": "the `async for` raises TypeError",
}
_WRITTEN = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)
_WRITTEN_CST = (cst.List, cst.Tuple, cst.Set, cst.Dict, cst.ListComp, cst.SetComp, cst.DictComp)
_PROMISING = frozenset({Kind.COROUTINE, Kind.AWAITABLE})
# What stands on the same line: a comment after it stays.
_AWAIT = re.compile(r"await[ \t\f]*")


def could_be_synchronous(node: ast.Await, facts: Facts) -> bool:
    value = node.value
    if isinstance(value, _WRITTEN):
        return True
    if not isinstance(value, ast.Call) or facts.view.calls.is_asynchronous(value):
        return False
    if facts.kind_of(value).kind in _PROMISING:
        return False
    return facts.view.uses.lacking(value, facts.frame, "__await__") is not None


def could_enter(node: ast.AsyncWith, facts: Facts) -> bool:
    return any(facts.view.uses.lacking(item.context_expr, facts.frame, "__aenter__") is not None for item in node.items)


def could_iterate(node: ast.AsyncFor, facts: Facts) -> bool:
    return facts.view.uses.lacking(node.iter, facts.frame, "__aiter__") is not None


def could_collect(node: Comprehension, facts: Facts) -> bool:
    first, *others = node.generators
    if any(generator.is_async for generator in others):
        return True  # what they iterate over is looked up in another frame
    return bool(first.is_async) and facts.view.uses.lacking(first.iter, facts.frame, "__aiter__") is not None


def check_await(node: cst.Await, context: Context) -> Iterator[Finding]:
    if isinstance(node.expression, cst.Call):
        yield from _found(node.expression, "__await__", context, lambda lack: _without_await(node, lack, context))
    elif isinstance(node.expression, _WRITTEN_CST):
        # What is in it is meant to be awaited, together or one by one.
        yield from _found(node.expression, "__await__", context, lambda _: None)


def check_with(node: cst.With, context: Context) -> Iterator[Finding]:
    if node.asynchronous is not None:
        expressions = [item.item for item in node.items]
        for expression in expressions:
            yield from _found(expression, "__aenter__", context, lambda _: _all_synchronous(node, expressions, context))


def check_for(node: cst.For | cst.CompFor, context: Context) -> Iterator[Finding]:
    if node.asynchronous is not None:
        yield from _found(node.iter, "__aiter__", context, lambda _: _without_async(node, context))


def _found(
    expression: cst.BaseExpression, method: str, context: Context, remedy: Callable[[Lack], Fix | None]
) -> Iterator[Finding]:
    lack = _lack(expression, method, context)
    if lack is None:
        return
    if not any(excuse(context) for excuse in (expects_failure, is_asked_for, is_attempted, is_dead)):
        shown = grounds(Answer(Kind.VALUE, None, lack.label, lack.evidence))
        yield Finding(context.span(expression), f"{shown}; {_FAILS[method]}", remedy(lack))


def _lack(expression: cst.BaseExpression, method: str, context: Context) -> Lack | None:
    counterpart = context.counterpart(expression)
    if counterpart is None:
        return None
    node, frame = counterpart.node, counterpart.frame
    lack = context.view.uses.lacking(node, frame, method)
    # What always raises never comes to the `await`.
    if lack is None or not isinstance(node, ast.Call):
        return lack
    return None if context.view.exceptions.never_returns(node.func, frame, False) else lack


def _without_await(node: cst.Await, lack: Lack, context: Context) -> Fix | None:
    if not lack.plain:
        return None
    start = context.span(node).start
    text = context.source.slice(context.span(node))
    match = _AWAIT.match(text)
    return None if match is None else Fix("Remove the `await`", (_cut(start, match[0], context),), Applicability.UNSAFE)


def _all_synchronous(node: cst.With, expressions: Sequence[cst.BaseExpression], context: Context) -> Fix | None:
    # One `async` stands for all managers: it can go when none needs it.
    if all(_lack(expression, "__aenter__", context) is not None for expression in expressions):
        return _without_async(node, context)
    return None


def _without_async(node: cst.With | cst.For | cst.CompFor, context: Context) -> Fix | None:
    keyword = node.asynchronous
    if keyword is None or not isinstance(keyword.whitespace_after, cst.SimpleWhitespace):
        return None
    text = "async" + keyword.whitespace_after.value
    if "\n" in text:
        return None
    edit = _cut(context.span(keyword).start, text, context)
    return Fix("Remove the `async`", (edit,), Applicability.UNSAFE)


def _cut(start: Position, text: str, context: Context) -> Edit:
    return context.replace(Span(start, start._replace(column=start.column + len(text))), "")


RULE = Rule(
    code="ASL107",
    name="await-of-non-awaitable",
    summary="await, async with or async for on something synchronous",
    fix=FixAvailability.SOMETIMES,
    triggers={
        ast.Await: could_be_synchronous,
        ast.AsyncWith: could_enter,
        ast.AsyncFor: could_iterate,
        **dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), could_collect),
    },
    visit={cst.Await: check_await, cst.With: check_with, cst.For: check_for, cst.CompFor: check_for},
)
