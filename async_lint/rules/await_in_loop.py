"""ASL201: a loop awaits one item after another although no item needs another."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Frame, Loop
from async_lint.model import FixAvailability, Span
from async_lint.rule import Finding, Option, Rule
from async_lint.rules._loops.gathered_loop import gather
from async_lint.rules._loops.independence import shown

_IN_TESTS = Option(
    "await-in-loop-in-tests", bool, False, "whether test code is looked at, where order is often the point"
)
_ADVICE = "they can run together; where there may be many, bound how many at once with a semaphore"


def could_report(loop: Loop, facts: Facts) -> bool:
    return bool(shown(loop, facts.frame, facts.view, facts.source, bool(facts.settings[_IN_TESTS.key])))


def check_loop(node: cst.For, context: Context) -> Iterator[Finding]:
    iterable = context.counterpart(node.iter)
    if node.asynchronous is not None or iterable is None:
        return
    around = context.view.project.above(iterable.node, iterable.frame)
    if around and isinstance(around[-1], ast.For):
        yield from _findings(around[-1], node, iterable.frame, context)


def check_comprehension(node: cst.ListComp | cst.SetComp | cst.DictComp, context: Context) -> Iterator[Finding]:
    found = context.counterpart(node)
    if found is not None and isinstance(found.node, (ast.ListComp, ast.SetComp, ast.DictComp)):
        yield from _findings(found.node, node, found.frame, context)


def _findings(loop: Loop, node: cst.CSTNode, frame: Frame, context: Context) -> Iterator[Finding]:
    grounds = shown(loop, frame, context.view, context.source, bool(context.settings[_IN_TESTS.key]))
    around = context.view.project.above(loop, frame)
    if not grounds or around is None:
        return
    span = context.span(node)
    if isinstance(node, cst.For):
        span = Span(span.start, context.outer_span(node.iter).end)
    message = f"each iteration waits for the one before, but none needs it: {'; '.join(grounds)}; {_ADVICE}"
    yield Finding(span, message, gather(loop, frame, around, context))


RULE = Rule(
    code="ASL201",
    name="await-in-loop",
    summary="independent awaits run one after another",
    fix=FixAvailability.SOMETIMES,
    triggers=dict.fromkeys((ast.For, ast.ListComp, ast.SetComp, ast.DictComp), could_report),
    visit={
        cst.For: check_loop,
        cst.ListComp: check_comprehension,
        cst.SetComp: check_comprehension,
        cst.DictComp: check_comprehension,
    },
    options=(_IN_TESTS,),
)
