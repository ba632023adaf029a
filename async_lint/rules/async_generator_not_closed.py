"""ASL701: a loop leaves an async generator at its `yield`, and nobody closes it there."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Frame, ModuleView, Site, cited, descendants, is_test
from async_lint.model import FixAvailability, Span
from async_lint.rule import Finding, Rule
from async_lint.rules._async_generators.closing_fix import closing_fix
from async_lint.rules._async_generators.held import Held, held_by
from async_lint.rules._async_generators.left_loop import leaving, ways_out
from async_lint.rules._resources.program_end import is_last_wait
from async_lint.rules._shared.evidence import grounds
from async_lint.rules._shared.generated import is_generated


def could_leave(loop: ast.AsyncFor, facts: Facts) -> bool:
    if is_test(facts.frame) or not isinstance(loop.iter, ast.Call | ast.Name) or not leaving(loop):
        return False
    made = _made(loop.iter, facts.frame, facts.view)
    return made is not None and held_by(made, ways_out(loop, facts.frame, facts.view), facts.view) is not None


def check(node: cst.For, context: Context) -> Iterator[Finding]:
    header = context.counterpart(node.iter) if node.asynchronous is not None else None
    above = context.view.project.above(header.node, header.frame) if header is not None else None
    if header is None or is_test(header.frame) or is_generated(context):
        return
    if not above or not isinstance(above[-1], ast.AsyncFor):
        return
    loop, frame = above[-1], header.frame
    made = _made(loop.iter, frame, context.view) if leaving(loop) else None
    held = held_by(made, ways_out(loop, frame, context.view), context.view) if made is not None else None
    if held is not None and not is_last_wait(loop, frame, context.view):
        span = Span(context.span(node).start, context.outer_span(node.iter).end)
        yield Finding(span, _message(held), closing_fix(node, loop, above[0], frame, context))


def _made(iterated: ast.expr, frame: Frame, view: ModuleView) -> Site | None:
    """Return the call that made what a loop iterates over, where nothing else has it."""
    if isinstance(iterated, ast.Name):
        function = (view.project.above(iterated, frame) or (None,))[0]
        # Who else has it may close it, or go on with it.
        if function is None or _loads(iterated.id, function) != 1:
            return None
        sites = view.project.origins(iterated, frame) or ()
        site = sites[0] if len(sites) == 1 else None
    else:
        site = Site(iterated, frame) if isinstance(iterated, ast.Call) else None
    return site if site is not None and site.frame is frame else None


def _loads(name: str, function: ast.AST) -> int:
    names = (node for node in descendants(function) if isinstance(node, ast.Name) and node.id == name)
    return sum(isinstance(node.ctx, ast.Load) for node in names)


def _message(held: Held) -> str:
    first = held.ways[0].node
    way = f"`{type(first).__name__.lower()}` on line {first.lineno}"
    others = f" (and {len(held.ways) - 1} more)" if len(held.ways) > 1 else ""
    leaves = "leaves" if held.always else "may leave"
    place = cited(held.path, held.line)
    return (
        f"{grounds(held.answer)}; {way}{others} {leaves} it at its `yield` in {held.text} ({place}), "
        "which ends only after the generator is garbage-collected, in another task"
    )


RULE = Rule(
    code="ASL701",
    name="async-generator-not-closed",
    summary="loop leaves an async generator that holds something, and nobody closes it",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.AsyncFor: could_leave},
    visit={cst.For: check},
)
