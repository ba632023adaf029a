"""ASL105: nothing proves that the callee is a coroutine function, but the project itself awaits it everywhere else."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Kind
from async_lint.model import Applicability, Fix, FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._coroutine_uses.await_fix import await_fix
from async_lint.rules._coroutine_uses.lost import AWAITED_ELSEWHERE, consequence, lost
from async_lint.rules._coroutine_uses.triggers import standing
from async_lint.rules._shared.guards import expects_failure, is_asked_for


def could_be_meant(call: ast.Call, facts: Facts) -> bool:
    return facts.kind_of(call).kind is Kind.UNKNOWN and facts.by_convention(call) is not None


def could_report(statement: ast.Expr, facts: Facts) -> bool:
    value = statement.value
    return isinstance(value, ast.Call) and not facts.is_plain(value) and could_be_meant(value, facts)


def check(call: cst.Call, context: Context) -> Iterator[Finding]:
    # What other calls are needs no look at the project.
    if isinstance(context.parent(), (cst.Await, cst.Return)) or context.kind_of(call).kind is not Kind.UNKNOWN:
        return
    evidence = context.by_convention(call)
    # One branch is for what has to be awaited, the other for what has not.
    if evidence is None or expects_failure(context) or is_asked_for(context, call):
        return
    if isinstance(context.parent(), cst.Expr):
        edit = context.insert(context.span(call).start, "await ")
        # What the project does elsewhere is no proof.
        fix = Fix("Await the call", (edit,), Applicability.UNSAFE)
        yield Finding(context.span(call), f"{evidence}; here its result is dropped", fix)
        return
    loss = lost(call, context, AWAITED_ELSEWHERE)
    if loss is not None and loss.use is not None:
        happens = consequence("what it gives", call, loss, loss.use, context)
        yield Finding(context.span(call), f"{evidence}; here {happens}", await_fix(call, context))


RULE = Rule(
    code="ASL105",
    name="unawaited-by-convention",
    summary="call that is awaited everywhere else is not awaited",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.Expr: could_report, **standing(could_be_meant)},
    visit={cst.Call: check},
)
