"""ASL704: what fails is tried again for ever, whatever the failure, at once or after always the same delay."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Frame, ModuleView
from async_lint.model import Span
from async_lint.rule import Finding, Option, Rule
from async_lint.rules._retries.attempts import Attempt, attempt_of
from async_lint.rules._retries.delays import Delay, delay_of
from async_lint.rules._retries.operations import first_connection, waits_for_others
from async_lint.rules._retries.taken_first import handler_of
from async_lint.rules._timeouts.deadlines import in_force_without_call

FIXED_DELAY = Option(
    "retry-after-fixed-delay", bool, False, "whether a retry for ever is reported, too, that waits always as long"
)


def could_retry(loop: ast.While, facts: Facts) -> bool:
    return _retry(loop, facts.frame, facts.view, bool(facts.settings[FIXED_DELAY.key])) is not None


def check(node: cst.While, context: Context) -> Iterator[Finding]:
    test = context.counterpart(node.test)
    above = context.view.project.above(test.node, test.frame) if test is not None else None
    if test is None or not above or not isinstance(above[-1], ast.While):
        return
    found = _retry(above[-1], test.frame, context.view, bool(context.settings[FIXED_DELAY.key]))
    if found is None:
        return
    attempt, message = found
    # A deadline around the loop, or around each call of the function, is a limit.
    if not in_force_without_call(test.node, test.frame, context.view, lambda site, around: False):
        start = context.source.span(attempt.handler).start
        caught = attempt.handler.type
        end = context.source.span(caught).end if caught is not None else start._replace(column=start.column + 6)
        yield Finding(Span(start, end), message)


def _retry(loop: ast.While, frame: Frame, view: ModuleView, fixed: bool) -> tuple[Attempt, str] | None:
    """Return how a loop of an `async def` retries without a limit, and what that does."""
    scope = frame.enclosing_function()
    if scope is None or scope.function is None or not scope.function.is_async:
        return None
    attempt = attempt_of(loop, frame, view)
    if attempt is None:
        return None
    delay = delay_of(attempt.between, loop, frame, view)
    if delay is Delay.OTHER or (delay is Delay.FIXED and not (fixed and attempt.ends)):
        return None
    connection = first_connection(attempt.attempt.body, frame, view)
    if attempt.ends:
        if connection is None and waits_for_others(attempt.attempt.body):
            return None
        if delay is Delay.FIXED:
            return attempt, (
                "whatever fails here is tried again for ever, after the same delay: "
                "an error that stays, a wrong password or a defect of the code, never comes out"
            )
        return attempt, (
            "whatever fails here is tried again at once, for ever: "
            "an error that stays never comes out, and the loop spins as long as it lasts"
        )
    if connection is None:
        return None
    attempt = attempt._replace(handler=handler_of(connection, attempt.attempt, attempt.handler, frame, view))
    if delay_of(attempt.between, loop, frame, view) is not Delay.NONE:
        return None
    return attempt, (
        f"`{connection}` fails at once while its peer is away, and nothing is waited for before the next attempt: "
        "the loop spins as long as that lasts"
    )


RULE = Rule(
    code="ASL704",
    name="retry-without-limit",
    summary="what fails is tried again for ever, at once",
    triggers={ast.While: could_retry},
    visit={cst.While: check},
    options=(FIXED_DELAY,),
)
