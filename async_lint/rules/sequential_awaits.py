"""ASL202: statements in a row each await something although none needs another."""

import ast
from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Frame, ModuleView, Run, Tier
from async_lint.model import FixAvailability, Span
from async_lint.rule import Finding, Rule
from async_lint.rules._loops.reported_loop import IN_TESTS
from async_lint.rules._runs.gathered_run import gather

Statement = ast.Assign | ast.AnnAssign


def could_report(statement: Statement, facts: Facts) -> bool:
    if not isinstance(statement.value, ast.Await) or not isinstance(statement.value.value, ast.Call):
        return False
    if not _is_awaited_behind(statement, facts.source.lines):
        return False
    around = facts.view.project.above(statement, facts.frame)
    return around is not None and bool(
        _run_from(statement, around, facts.frame, facts.view, bool(facts.settings[IN_TESTS.key]))
    )


def _is_awaited_behind(statement: ast.stmt, lines: Sequence[str]) -> bool:
    """Whether the text goes on with something that looks like another step."""
    behind = statement.end_lineno or statement.lineno
    last = lines[behind - 1]
    if ";" in last:
        return True
    # Not to the end of a file that goes on with comments.
    for line in lines[behind : behind + 50]:
        text = line.strip()
        if text and not text.startswith("#"):
            # Only assignments are steps.
            return "=" in text
    return False


def _run_from(
    statement: ast.stmt, around: Sequence[ast.AST], frame: Frame, view: ModuleView, in_tests: bool
) -> Run | None:
    """Return the run that begins with a statement and whose steps need none of the others."""
    for _, block in ast.iter_fields(around[-1]):
        if isinstance(block, list) and statement in block:
            shown = (run for run in view.effects.runs(block, frame, in_tests) if run.verdict.tier is Tier.SHOWN)
            return next((run for run in shown if run.steps[0].statement is statement), None)
    return None


def check(node: cst.Assign | cst.AnnAssign, context: Context) -> Iterator[Finding]:
    if not isinstance(node.value, cst.Await):
        return
    awaited = context.counterpart(node.value)
    path = context.view.project.above(awaited.node, awaited.frame) if awaited is not None else None
    if awaited is None or path is None:
        return
    around, statement = path[:-1], path[-1]
    if not isinstance(statement, ast.stmt):
        return
    run = _run_from(statement, around, awaited.frame, context.view, bool(context.settings[IN_TESTS.key]))
    if run is None:
        return
    grounds = "; ".join(ground.text for ground in run.verdict.grounds)
    message = f"{len(run.steps)} awaits one after another could be one step, for none needs another: {grounds}"
    span = Span(context.span(node).start, context.outer_span(node.value).end)
    yield Finding(span, message, gather(run.steps, awaited.frame, around, context))


RULE = Rule(
    code="ASL202",
    name="sequential-awaits",
    summary="independent awaits stand one after another",
    fix=FixAvailability.SOMETIMES,
    triggers=dict.fromkeys((ast.Assign, ast.AnnAssign), could_report),
    visit=dict.fromkeys((cst.Assign, cst.AnnAssign), check),
    options=(IN_TESTS,),
)
