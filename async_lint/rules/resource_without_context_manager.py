"""ASL703: a resource that a coroutine opens is not closed on every path."""

import ast
import re
from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import is_test
from async_lint.model import Fix, FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._cancellations.ways import Way
from async_lint.rules._resources.course import Course
from async_lint.rules._resources.held import held
from async_lint.rules._resources.left_open import Open, Ways
from async_lint.rules._resources.opened import Opened, opened
from async_lint.rules._resources.program_end import ends_program
from async_lint.rules._resources.table import closables
from async_lint.rules._resources.unfailing import broad_in
from async_lint.rules._resources.uses import Uses
from async_lint.rules._resources.with_fix import advice, entering
from async_lint.rules._shared.comments import comments
from async_lint.rules._shared.guards import expects_failure, is_dead
from async_lint.rules._shared.ruff_comments import is_left_out_of_ruff

_RUFF = frozenset({"SIM115", "open-file-with-context-handler"})
# Another linter is told to let it be.
_ELSEWHERE = re.compile(r"\b(?:SIM115|R1732|consider-using-with)\b")


def could_open(call: ast.Call, facts: Facts) -> bool:
    if facts.last_word(call.func) not in closables():
        return False
    return not is_test(facts.frame) and opened(call, facts.frame, facts.view) is not None


def check(call: cst.Call, context: Context) -> Iterator[Finding]:
    if context.last_word(call.func) not in closables():
        return
    site = context.counterpart(call)
    if site is None or not isinstance(site.node, ast.Call) or is_test(site.frame):
        return
    resource = opened(site.node, site.frame, context.view)
    if resource is not None and not _is_meant(resource, context):
        for message, fix in _told(resource, context):
            opens = f"`{resource.public.removeprefix('builtins.')}` {resource.closable.words[0]}"
            yield Finding(context.span(call), f"{opens} {_article(resource.closable.what)} {message}", fix)


def _is_meant(resource: Opened, context: Context) -> bool:
    if expects_failure(context) or is_dead(context) or ends_program(resource.frame, context.view):
        return True
    span, lines = context.source.span(resource.statement), context.source.lines
    beside = comments(lines, span.start.line, span.end.line)
    return any(map(_ELSEWHERE.search, beside)) or is_left_out_of_ruff(span, _RUFF, context)


def _told(resource: Opened, context: Context) -> Iterator[tuple[str, Fix]]:
    """Yield what is wrong with what becomes of a resource, and the remedy."""
    closable = resource.closable
    _, closes, closed = closable.words
    uses = Uses(closable, resource.tree, resource.frame, context.view)
    if not resource.name:
        # `open(path).read()` closes the file at once.
        if closable.collected or uses.lets_go(resource.value) or uses.closings:
            return
        if uses.asked or uses.started or not closable.lazy:
            yield f"that has no name, so nobody {closes} it: {closable.left}", advice(resource)
        return
    handed = uses.let_go_of(resource.name)
    opening = [getattr(node, "lineno", 0) for node in [*uses.asked.values(), *uses.started.values()]]
    if not uses.is_seen or (closable.lazy and not opening):
        return
    ways = _ways(resource, uses, context)
    if closable.lazy:
        # Before it is used, nothing is open.
        ways = [one for one in ways if (one.node.end_lineno or one.node.lineno) >= min(opening)]
    if not handed and not uses.closings:
        # What only an error or a cancellation ends may go on for as long as the program does.
        if any(one.way is not Way.RAISE for one in ways):
            yield f"that nothing {closes}: {closable.left}", entering(resource, context)
        return
    # What is closed as soon as the function is left needs no care on each way out.
    if ways and not closable.collected:
        way = next((one for one in ways if one.error is None), ways[0])
        ends = uses.closings or uses.handed
        line = _first_end([getattr(node, "lineno", 0) for node in ends.values()], resource.statement)
        done = f"is {closed} on" if uses.closings else "is passed on at"
        yield f"that {done} line {line}, but {_passed_over(way)}: {closable.left}", advice(resource)


def _first_end(lines: Sequence[int], opening: ast.stmt) -> int:
    # What stands above ends another one of the name, but for a loop that comes round to it.
    return min((line for line in lines if line > opening.lineno), default=min(lines))


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _ways(resource: Opened, uses: Uses, context: Context) -> list[Open]:
    above: list[ast.AST] = []
    node = resource.tree.parents.get(id(resource.statement))
    while node is not None:
        above.insert(0, node)
        node = resource.tree.parents.get(id(node))
    course = Course(
        resource.name,
        frozenset(uses.closings.keys() | uses.handed.keys()),
        frozenset(uses.asked.keys() - uses.unfailing),
        held(resource.statement, above, resource.name),
    )
    return Ways(course, broad_in(resource.frame, context.view)).after(resource.statement, above)


def _passed_over(way: Open) -> str:
    if way.error is not None:
        return f"not where line {way.error.lineno} fails"
    match way.way:
        case Way.RETURN | Way.RAISE:
            word = "return" if way.way is Way.RETURN else "raise"
            return f"the `{word}` on line {way.node.lineno} leaves it open"
        case Way.CONTINUE:
            return "the next turn of the loop opens another"
    return f"not where the function ends after line {way.node.lineno}"


RULE = Rule(
    code="ASL703",
    name="resource-without-context-manager",
    summary="a resource that a coroutine opens is not closed on every path",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.Call: could_open},
    visit={cst.Call: check},
)
