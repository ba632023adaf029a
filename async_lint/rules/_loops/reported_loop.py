"""Loops whose awaits could run together, as a finding: what ASL201 and ASL204 have in common."""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Frame, Loop, Tier
from async_lint.model import Span
from async_lint.rule import Finding, Option
from async_lint.rules._loops.gathered_loop import gather

IN_TESTS = Option(
    "await-in-loop-in-tests", bool, False, "whether test code is looked at, where order is often the point"
)
_SAID = {
    Tier.SHOWN: "though nothing seen in it needs that",
    Tier.PLAUSIBLE: "though it probably needs not",
}
_ADVICE = "they can run together, and where there may be many, a semaphore bounds how many at once"


TRIGGERS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp)


class LoopCheck:
    """Trigger and checks for the loops of one tier."""

    def __init__(self, tier: Tier) -> None:
        self._tier = tier
        comprehension = self._check_comprehension
        self.visit: Mapping[type[cst.CSTNode], Callable[[Any, Context], Iterator[Finding]]] = {
            cst.For: self._check_for,
            cst.While: self._check_while,
            cst.ListComp: comprehension,
            cst.SetComp: comprehension,
            cst.DictComp: comprehension,
        }

    def could_report(self, loop: Loop, facts: Facts) -> bool:
        # An `async with` waits, too.
        lines = facts.source.lines[loop.lineno - 1 : loop.end_lineno]
        if not any("await" in line or "async" in line for line in lines):
            return False
        in_tests = bool(facts.settings[IN_TESTS.key])
        return facts.view.effects.iterations(loop, facts.frame, in_tests).tier is self._tier

    def _check_for(self, node: cst.For, context: Context) -> Iterator[Finding]:
        if node.asynchronous is None:
            yield from self._check_statement(node, node.iter, context)

    def _check_while(self, node: cst.While, context: Context) -> Iterator[Finding]:
        yield from self._check_statement(node, node.test, context)

    def _check_statement(
        self, node: cst.For | cst.While, header: cst.BaseExpression, context: Context
    ) -> Iterator[Finding]:
        expression = context.counterpart(header)
        above = context.view.project.above(expression.node, expression.frame) if expression is not None else None
        if expression is not None and above and isinstance(above[-1], ast.For | ast.While):
            span = Span(context.span(node).start, context.outer_span(header).end)
            yield from self._findings(above[-1], span, expression.frame, context)

    def _check_comprehension(
        self, node: cst.ListComp | cst.SetComp | cst.DictComp, context: Context
    ) -> Iterator[Finding]:
        counterpart = context.counterpart(node)
        if counterpart is not None and isinstance(counterpart.node, (ast.ListComp, ast.SetComp, ast.DictComp)):
            yield from self._findings(counterpart.node, context.span(node), counterpart.frame, context)

    def _findings(self, loop: Loop, span: Span, frame: Frame, context: Context) -> Iterator[Finding]:
        verdict = context.view.effects.iterations(loop, frame, bool(context.settings[IN_TESTS.key]))
        around = context.view.project.above(loop, frame)
        if verdict.tier is not self._tier or around is None:
            return
        grounds = "; ".join(ground.text for ground in verdict.grounds)
        advice = _ADVICE
        if verdict.items is not None:
            advice = f"{verdict.items} steps one after another can be one"
        message = f"each iteration waits for the one before, {_SAID[self._tier]}: {grounds}; {advice}"
        # What a `while` takes next may be known only when it gets there.
        yield Finding(span, message, None if isinstance(loop, ast.While) else gather(loop, frame, around, context))
