"""ASL503: a wait for a reply that has no deadline: the reply may never come."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Site, is_test
from async_lint.model import FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._timeouts.deadlines import in_force_without_call
from async_lint.rules._timeouts.meant import is_left, is_meant
from async_lint.rules._timeouts.replies import Reply, reply
from async_lint.rules._timeouts.requests import request
from async_lint.rules._timeouts.table import Wait
from async_lint.rules._timeouts.timeout_fix import DEFAULT_TIMEOUT, remedy
from async_lint.rules._timeouts.waits import Unbounded


def could_wait(node: ast.Await, facts: Facts) -> bool:
    return reply(node, facts.frame, facts.view) is not None


def check(node: cst.Await, context: Context) -> Iterator[Finding]:
    counterpart = context.counterpart(node)
    if counterpart is None or not isinstance(counterpart.node, ast.Await):
        return
    wait, frame, view = counterpart.node, counterpart.frame, context.view
    # A hang shows itself there.
    if is_test(frame):
        return
    awaited = reply(wait, frame, view)
    asked = request(awaited, wait, frame, view) if awaited is not None else None
    if awaited is None or asked is None or is_meant(wait, awaited.waiter, frame, view):
        return
    if not in_force_without_call(awaited.waiter, frame, view, is_left):
        yield Finding(
            context.span(node.expression),
            _message(awaited, asked),
            remedy(Unbounded(awaited.name, Wait("", "")), node.expression, Site(awaited.made, frame), context),
        )


def _message(awaited: Reply, asked: ast.Call) -> str:
    waits = f"{awaited.text}.{awaited.signal.method}" if awaited.signal.method else awaited.text
    return (
        f"`{waits}` waits for whoever answers `{ast.unparse(asked.func)}`, without a deadline, "
        "so an answer that never comes holds the task for ever"
    )


RULE = Rule(
    code="ASL503",
    name="unbounded-wait",
    summary="wait for a reply without a deadline",
    fix=FixAvailability.SOMETIMES,
    default=False,
    triggers={ast.Await: could_wait},
    visit={cst.Await: check},
    options=(DEFAULT_TIMEOUT,),
)
