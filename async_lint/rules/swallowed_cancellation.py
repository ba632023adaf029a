"""ASL404: a cancellation that ends in a handler, while the function, or who awaits it, goes on."""

import ast
import re
from collections.abc import Hashable, Iterator
from typing import Any, get_args

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.files.source import Source
from async_lint.inference.face import Lineage, Try, is_test
from async_lint.model import FixAvailability, Span
from async_lint.rule import Finding, Rule
from async_lint.rules._cancellations.accounted_for import Place
from async_lint.rules._cancellations.cancellation import SUPPRESS, Caught, catches, may_catch, waits
from async_lint.rules._cancellations.reraise_cancellation import reraise_fix
from async_lint.rules._cancellations.swallowed import Swallowed, leaving_finally, swallowed_by, swallowed_in
from async_lint.rules._cancellations.unintended import HANDLERS, is_mistake_without_loop, is_unintended
from async_lint.rules._cancellations.ways import exits, leaving_statements
from async_lint.rules._exceptions.control_flow import CONTROL_FLOW, is_control_flow
from async_lint.rules._shared.comments import is_declined
from async_lint.rules._shared.names import own_nodes

# The same finding of flake8-async and SonarPython.
_ELSEWHERE = re.compile(r"\b(?:ASYNC10[34]|S7497)\b")


def could_swallow(node: ast.Try, facts: Facts) -> bool:
    # What can only be left by a bare `raise` has no other way out.
    handlers = [handler for handler in node.handlers if may_catch(handler) and exits(handler.body)]
    leaves = next(leaving_statements(node.finalbody), None) is not None
    if not (handlers or leaves) or next(waits([*node.body, *node.handlers, *node.orelse]), None) is None:
        return False
    return leaves or any(catches(handler.type, facts.frame, facts.view) for handler in handlers)


def could_suppress(node: ast.With, facts: Facts) -> bool:
    calls = (item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call))
    return any(facts.is_called(call, SUPPRESS) for call in calls) and next(waits(node.body), None) is not None


def check(node: cst.Try | cst.TryStar, context: Context) -> Iterator[Finding]:
    place = _place(node, context)
    if place is None or not isinstance(place.chain[-1], Try):
        return
    statement = place.chain[-1]
    for swallowed in [*swallowed_by(statement, place), *leaving_finally(statement, place)]:
        yield from _findings(swallowed, place, context)


def check_with(node: cst.With, context: Context) -> Iterator[Finding]:
    place = _place(node, context)
    if place is not None and isinstance(place.chain[-1], ast.With | ast.AsyncWith):
        for swallowed in swallowed_in(place.chain[-1], place):
            yield from _findings(swallowed, place, context)


def _findings(swallowed: Swallowed, place: Place, context: Context) -> Iterator[Finding]:
    if context.settings[HANDLERS.key] != "all" and not is_unintended(swallowed, place):
        return
    finding = _finding(swallowed, place, context)
    if not is_declined(finding.span, _ELSEWHERE, context):
        yield finding


# `once` keeps it for each file.
def _known(source: Source) -> dict[Hashable, Any]:
    return {}


def _any(handler: ast.ExceptHandler | None, caught: Caught, place: Place) -> bool:
    return True


def _place(node: cst.CSTNode, context: Context) -> Place | None:
    """Return the place of a statement whose body awaits something in an `async def`."""
    if not context.in_async_function():
        return None

    def is_answer(lineage: Lineage) -> bool:
        return is_control_flow(lineage, context)

    body: Any = node
    line = context.span(node).start.line
    # Expressions have counterparts: from one in the body the way leads up to the statement that begins here.
    for below in own_nodes(body.body):
        counterpart = context.counterpart(below) if isinstance(below, cst.BaseExpression) else None
        frame = counterpart.frame.enclosing_function() if counterpart is not None else None
        if counterpart is None or frame is None:
            continue
        # There it is tried what a cancellation does, and the loop ends with the test.
        if is_test(frame):
            return None
        above = context.view.project.above(counterpart.node, counterpart.frame) or ()
        for index, outer in enumerate(above):
            if isinstance(outer, ast.Try | Try | ast.With | ast.AsyncWith) and outer.lineno == line:
                if not isinstance(above[0], ast.AsyncFunctionDef):
                    return None
                wanted = _any if context.settings[HANDLERS.key] == "all" else is_mistake_without_loop
                known = context.source.once(_known)
                chain = above[: index + 1]
                return Place(chain, frame, context.view, context.source.tree, is_answer, wanted, known)
    return None


def _finding(swallowed: Swallowed, place: Place, context: Context) -> Finding:
    node = swallowed.node
    span = context.source.span(node)
    match node:
        case ast.ExceptHandler(type=caught):
            fix = reraise_fix(node, swallowed.caught, swallowed.exits, place.frame, context)
            written = " ".join(ast.unparse(caught).split()) if caught else ""
            label = f"`except {written}`" if caught else "a bare `except:`"
            ends = "catches a cancellation too" if swallowed.caught is Caught.WITH_ALL else "ends a cancellation"
            return Finding(_header(node, context), f"{label} {ends}, and {swallowed.despite.clause}", fix)
        case ast.Call():
            return Finding(span, f"`{ast.unparse(node)}` ends a cancellation, and {swallowed.despite.clause}")
    word = type(node).__name__.lower()
    return Finding(span, f"`{word}` in a `finally` ends whatever was raised before it, a cancellation too")


def _header(handler: ast.ExceptHandler, context: Context) -> Span:
    start = context.source.span(handler).start
    if handler.type is None:
        return Span(start, start._replace(column=start.column + len("except")))
    return Span(start, context.source.span(handler.type).end)


RULE = Rule(
    code="ASL404",
    name="swallowed-cancellation",
    summary="cancellation ends in a handler, and the code goes on",
    fix=FixAvailability.SOMETIMES,
    triggers={
        # Before Python 3.11 there is no `except*`, and `Try` is one class.
        **dict.fromkeys(get_args(Try) or (Try,), could_swallow),
        ast.With: could_suppress,
        ast.AsyncWith: could_suppress,
    },
    visit={cst.Try: check, cst.TryStar: check, cst.With: check_with},
    options=(CONTROL_FLOW, HANDLERS),
)
