"""ASL205: a `gather` makes results of errors, and nothing reads its results."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.rule import Finding, Rule
from async_lint.rules._gathers.discarded import discarded, makes_results_of_errors

_GATHER = "asyncio.gather"


def could_report(call: ast.Call, facts: Facts) -> bool:
    if not makes_results_of_errors(call) or not facts.is_called(call, _GATHER):
        return False
    return discarded(call, facts.frame, facts.view, facts.source) is not None


def check(call: cst.Call, context: Context) -> Iterator[Finding]:
    if not any(argument.keyword and argument.keyword.value == "return_exceptions" for argument in call.args):
        return
    site = context.counterpart(call)
    if site is None or not isinstance(site.node, ast.Call) or not makes_results_of_errors(site.node):
        return
    if context.is_called(call, _GATHER):
        lost = discarded(site.node, site.frame, context.view, context.source)
        if lost is not None:
            yield Finding(
                context.span(call),
                f"{lost} is neither raised nor logged: `return_exceptions=True` makes it a result, and nothing reads"
                " the results",
            )


RULE = Rule(
    code="ASL205",
    name="discarded-gather-errors",
    summary="errors that gather() returns as results are dropped unread",
    triggers={ast.Call: could_report},
    visit={cst.Call: check},
)
