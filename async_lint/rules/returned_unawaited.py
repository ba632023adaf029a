"""ASL106: an `async def` returns a coroutine that nobody has awaited."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.model import Applicability, Fix, FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._coroutine_uses.described import is_described_as_awaitable
from async_lint.rules._coroutine_uses.double_await import is_awaited_again
from async_lint.rules._shared.evidence import grounds
from async_lint.rules._shared.guards import is_asked_for, is_dead
from async_lint.rules._shared.only_declared import may_give_generator
from async_lint.rules._shared.refused_call import REFUSED, is_refused


def could_report(node: ast.Return, facts: Facts) -> bool:
    function = facts.frame.function
    if node.value is None or function is None or not function.is_async:
        return False
    return any(facts.kind_of(call).mere for call in _calls(node.value))


def _calls(value: ast.expr) -> Iterator[ast.Call]:
    match value:
        case ast.Call():
            yield value
        case ast.IfExp(body=body, orelse=orelse):
            yield from _calls(body)
            yield from _calls(orelse)
        case ast.BoolOp(values=values):
            for operand in values:
                yield from _calls(operand)


def check(node: cst.Return, context: Context) -> Iterator[Finding]:
    function = context.function()
    if node.value is None or not isinstance(function, cst.FunctionDef) or function.asynchronous is None:
        return
    calls = [call for call in returned(node.value) if _is_coroutine(call, context)]
    if not calls or is_dead(context) or _is_meant(calls[0], function, context):
        return
    for call in calls:
        answer = context.kind_of(call)
        if is_refused(call, context):
            yield Finding(context.span(call), f"{grounds(answer)}; {REFUSED}")
            continue
        edit = context.insert(context.span(call).start, "await ")
        object_ = answer.kind.value
        fix = Fix(f"Await the {object_}", (edit,), Applicability.UNSAFE)
        message = f"{grounds(answer)}; its {object_} is returned unawaited, {_consequence(object_, context)}"
        yield Finding(context.span(call), message, fix)


def _is_coroutine(call: cst.Call, context: Context) -> bool:
    if not context.kind_of(call).mere or is_asked_for(context, call):
        return False
    return not (may_give_generator(call, context) or context.is_overridden(call))


def returned(value: cst.BaseExpression) -> Iterator[cst.Call]:
    """Yield the calls whose results an expression may give."""
    match value:
        case cst.Call():
            yield value
        case cst.IfExp():
            yield from returned(value.body)
            yield from returned(value.orelse)
        case cst.BooleanOperation():
            yield from returned(value.left)
            yield from returned(value.right)


def _is_meant(call: cst.Call, function: cst.FunctionDef, context: Context) -> bool:
    """Whether the function is there to give an awaitable: it says so, or somebody awaits what it gave."""
    counterpart = context.counterpart(call)
    if counterpart is None:
        return True
    if context.view.uses.promises_awaitable(counterpart.frame) or is_described_as_awaitable(function):
        return True
    return is_awaited_again(function, counterpart.frame, context)


def _consequence(object_: str, context: Context) -> str:
    """What becomes of it: whose `except`, `finally` or `with` is left before the body begins to run."""
    child = context.node
    for ancestor in reversed(context.ancestors):
        match ancestor:
            case cst.FunctionDef():
                break
            case cst.Try() | cst.TryStar() if child is ancestor.body and ancestor.handlers:
                return "and the `except` around it never sees what its body raises"
            case cst.Try() | cst.TryStar() if child is not ancestor.finalbody and ancestor.finalbody is not None:
                return "and the `finally` around it runs before its body does"
            case cst.With() if child is ancestor.body:
                keyword = "async with" if ancestor.asynchronous else "with"
                return f"and the `{keyword} {_header(ancestor, context)}` around it is left before its body runs"
        child = ancestor
    article = "an" if object_ == "awaitable" else "a"
    return f"so who awaits this function gets {article} {object_} instead of its result"


def _header(node: cst.With, context: Context) -> str:
    text = " ".join(context.code(node.items[0].item).split())
    return text if len(text) <= 40 and len(node.items) == 1 else "..."


RULE = Rule(
    code="ASL106",
    name="returned-unawaited",
    summary="async function returns a coroutine that it has not awaited",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.Return: could_report},
    visit={cst.Return: check},
)
