"""ASL105: nothing proves that the callee is a coroutine function, but the project itself awaits it everywhere else."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Kind
from async_lint.model import Applicability, Fix, FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._shared.guards import expects_failure, is_asked_for


def could_report(statement: ast.Expr, facts: Facts) -> bool:
    value = statement.value
    if not isinstance(value, ast.Call) or facts.is_plain(value):
        return False
    return facts.kind_of(value).kind is Kind.UNKNOWN and facts.by_convention(value) is not None


def check(node: cst.Expr, context: Context) -> Iterator[Finding]:
    call = node.value
    if not isinstance(call, cst.Call) or context.kind_of(call).kind is not Kind.UNKNOWN:
        return
    evidence = context.by_convention(call)
    # One branch is for what has to be awaited, the other for what has not.
    if evidence is None or expects_failure(context) or is_asked_for(context, call):
        return
    edit = context.insert(context.span(call).start, "await ")
    # What the project does elsewhere is no proof.
    fix = Fix("Await the call", (edit,), Applicability.UNSAFE)
    yield Finding(context.span(call), f"{evidence}; here its result is dropped", fix)


RULE = Rule(
    code="ASL105",
    name="unawaited-by-convention",
    summary="call that is awaited everywhere else is not awaited",
    fix=FixAvailability.ALWAYS,
    triggers={ast.Expr: could_report},
    visit={cst.Expr: check},
)
