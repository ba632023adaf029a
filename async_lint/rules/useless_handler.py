"""ASL403: a handler that only raises again what it caught."""

import ast
import re
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.model import FixAvailability, Position, Span
from async_lint.rule import Finding, Rule
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.handler_removal import removal, whole_removal
from async_lint.rules._exceptions.handlers import RAISE_SCOPE, in_raise_scope, written
from async_lint.rules._exceptions.useless import handlers_below, may_raise_again, raises_again, useless_handlers
from async_lint.rules._shared.comments import MEANT, comments_above, comments_within
from async_lint.rules._shared.ruff_comments import is_left_out_of_ruff

# What other linters call it: ruff by two codes, pylint, SonarPython. And what authors say who let something go on.
_DECLINED = re.compile(
    r"\b(?:TRY203|TRY302|W0706|S2737)\b|try-except-raise"
    rf"|{MEANT}|\b(?:explicit(?:ly)?)\b"
    r"|\b(?:let|allow)s? .*\b(?:propagat|bubbl|through|pass|go|handle)"
    r"|\b(?:propagat(?:e|es|ed|ing)|bubbl(?:e|es|ed|ing))\b"
    r"|\bdefers? to\b|\b(?:not|never|don'?t) swallow",
    re.IGNORECASE,
)
# A comment to a tool tells a reader nothing.
_DIRECTIVE = re.compile(r"#\s*(?:noqa|nosec|type:|pragma|pylint:|ruff:|mypy:|pyright:|fmt:|isort:)", re.IGNORECASE)
_OF_ALL = frozenset({"builtins.BaseException", "builtins.Exception", None})
_RUFF = frozenset({"TRY203", "TRY302", "useless-try-except"})


def could_report(statement: ast.Try, facts: Facts) -> bool:
    return any(map(may_raise_again, statement.handlers))


def check(statement: cst.Try, context: Context) -> Iterator[Finding]:
    if not in_raise_scope(context):
        return
    useless = [
        handler
        for handler in useless_handlers(statement, context)
        if not _is_declined(handler, context) and not _says_why(handler, statement, context)
    ]
    is_whole = len(useless) == len(statement.handlers)
    # With no handler left the `try` goes as well: one fix for all.
    whole = whole_removal(statement, context) if useless and is_whole else None
    for handler in useless:
        fix = whole if is_whole else removal(handler, context)
        yield Finding(_header(handler, context), _message(handler, statement, is_whole, context), fix)


def _message(handler: cst.ExceptHandler, statement: cst.Try, is_whole: bool, context: Context) -> str:
    caught = "what" if handler.type is None else f"the `{written(handler.type, context)}` that"
    unneeded, reason = "it", ""
    if is_whole:
        unneeded, reason = _without_any(statement)
    elif handlers_below(handler, statement):
        reason = ", for no handler further down catches it"
    return (
        f"this handler only raises again {caught} it catches: "
        f"without {unneeded} the exception goes the same way{reason}{_unreached(handler)}"
    )


def _unreached(handler: cst.ExceptHandler) -> str:
    last = handler.body.body[-1]
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    return "" if small is raises_again(handler) else ". What stands behind its `raise` never runs"


def _without_any(statement: cst.Try) -> tuple[str, str]:
    """Return what could go, and what the rest of a `try` does without its handlers."""
    has_else, has_finally = statement.orelse is not None, statement.finalbody is not None
    if not has_finally:
        return "the `try`", ", and what the `else` holds can follow the rest" if has_else else ""
    # An `else` without a handler is no Python.
    reason = ", what the `else` holds can stand at the end of the `try`" if has_else else ""
    return "it", f"{reason}, and the `finally` runs all the same"


def _header(handler: cst.ExceptHandler, context: Context) -> Span:
    """Return the span of `except E as e`."""
    start = context.span(handler).start
    if handler.name is not None:
        return Span(start, context.span(handler.name.name).end)
    if handler.type is not None:
        return Span(start, context.outer_span(handler.type).end)
    return Span(start, Position(start.line, start.column + len("except")))


def _says_why(handler: cst.ExceptHandler, statement: cst.Try, context: Context) -> bool:
    """Whether a handler tells what a call is for whose result is thrown away: the comment above speaks of a check."""
    # Above a `finally`, the comment may be about that.
    if statement.finalbody is not None:
        return False
    match statement.body.body:
        case [cst.SimpleStatementLine(body=[cst.Expr(value=cst.Call())])] if handler.type is not None:
            caught = {lineage.own for lineage in classes_caught(handler.type, context)}
            lines, first = context.source.lines, context.span(statement).start.line
            comments = (comment.strip() for comment in comments_above(lines, first))
            is_commented = any(not _DIRECTIVE.match(comment) for comment in comments)
            return is_commented and bool(caught) and caught.isdisjoint(_OF_ALL)
    return False


def _is_declined(handler: cst.ExceptHandler, context: Context) -> bool:
    """Whether the handler is there to be read: it holds a comment, or one right above it says what it is for."""
    span, lines = context.span(handler), context.source.lines
    # What is further in belongs to the block above.
    head = lines[span.start.line - 1][: span.start.column] + "#"
    above = [comment for comment in comments_above(lines, span.start.line) if comment.startswith(head)]
    if not all(_DIRECTIVE.match(comment.strip()) for comment in above):
        return True
    within = list(comments_within(lines, span.start.line, span.end.line))
    if any(map(_DECLINED.search, (*within, *comments_above(lines, span.start.line)))):
        return True
    return is_left_out_of_ruff(span, _RUFF, context) or not all(map(_DIRECTIVE.match, within))


RULE = Rule(
    code="ASL403",
    name="useless-handler",
    summary="handler only raises again what it caught",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.Try: could_report},
    visit={cst.Try: check},
    options=(RAISE_SCOPE,),
)
