"""ASL101: a coroutine, or another lazy awaitable, is created and dropped."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Answer, Kind, descendants
from async_lint.model import Applicability, Fix, FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._shared.checker_comments import is_left_out_of_type_checkers
from async_lint.rules._shared.evidence import grounds
from async_lint.rules._shared.guards import expects_failure, is_dead, is_ruled_out
from async_lint.rules._shared.refused_call import REFUSED, is_refused

_CONSEQUENCE = {
    Kind.COROUTINE: "its coroutine is created and dropped, so the body never runs",
    Kind.AWAITABLE: "the awaitable is created and dropped, so its work never starts",
    Kind.ASYNC_GENERATOR: "its generator is created and dropped, so the body never runs",
    Kind.ASYNC_CONTEXT: "the context manager is created and never entered, so nothing of it runs",
}
_GATHERING = (ast.BoolOp, ast.IfExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.Tuple, ast.List, ast.Set)


def could_report(statement: ast.Expr, facts: Facts) -> bool:
    value = statement.value
    if isinstance(value, ast.Call):
        return not facts.is_plain(value) and facts.kind_of(value).kind in _CONSEQUENCE
    if isinstance(value, ast.Await):
        return isinstance(value.value, ast.Call) and facts.view.calls.gives_coroutine(value.value, facts.frame)
    return isinstance(value, _GATHERING) and any(isinstance(node, ast.Call) for node in descendants(value))


def check(node: cst.Expr, context: Context) -> Iterator[Finding]:
    for call in dropped(node.value):
        answer = context.kind_of(call)
        if answer.kind not in _CONSEQUENCE or expects_failure(context) or is_ruled_out(context) or is_dead(context):
            continue
        if not context.is_overridden(call) and not is_left_out_of_type_checkers(context.span(call), context):
            refused = is_refused(call, context)
            message = f"{grounds(answer)}; {REFUSED if refused else _CONSEQUENCE[answer.kind]}"
            yield Finding(context.span(call), message, None if refused else _fix(call, answer, context))
    if isinstance(node.value, cst.Await):
        yield from _once_awaited(node.value, context)


def _once_awaited(node: cst.Await, context: Context) -> Iterator[Finding]:
    """`await f()` where that gives another coroutine."""
    call = node.expression
    if isinstance(call, cst.Call) and context.gives_coroutine(call) and not expects_failure(context):
        span = context.span(node)
        edits = (context.insert(span.start, "await ("), context.insert(span.end, ")"))
        message = f"{grounds(context.kind_of(call))} whose result is a coroutine; that one is created and dropped"
        fix = Fix("Await the result too", edits, Applicability.SAFE)
        yield Finding(context.span(call), f"{message}, so its body never runs", fix)


def dropped(value: cst.BaseExpression) -> Iterator[cst.Call]:
    """Yield the calls whose results an expression statement creates and drops."""
    match value:
        case cst.Call():
            yield value
        case cst.BooleanOperation():
            # What stands left is tested, and not simply dropped.
            yield from dropped(value.right)
        case cst.IfExp():
            yield from dropped(value.body)
            yield from dropped(value.orelse)
        case cst.Tuple() | cst.List() | cst.Set():
            for element in value.elements:
                if isinstance(element, cst.Element):
                    yield from dropped(element.value)
        case cst.ListComp() | cst.SetComp():
            yield from dropped(value.elt)
        case cst.DictComp():
            yield from dropped(value.value)


def _fix(call: cst.Call, answer: Answer, context: Context) -> Fix | None:
    if answer.awaitable and context.in_async_function(call):
        edit = context.insert(context.span(call).start, "await ")
        return Fix(f"Await the {answer.kind.value}", (edit,), Applicability.SAFE)
    return None


RULE = Rule(
    code="ASL101",
    name="floating-coroutine",
    summary="coroutine is never awaited",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.Expr: could_report},
    visit={cst.Expr: check},
)
