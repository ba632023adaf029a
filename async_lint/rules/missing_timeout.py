"""ASL501: an await that has no deadline of its own, with none in force; one that a client should have set, there."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import ModuleView, Site, cited, is_test
from async_lint.model import FixAvailability
from async_lint.rule import Finding, Rule
from async_lint.rules._timeouts.clients import Held, Maker, first_held, unlimited_maker
from async_lint.rules._timeouts.deadlines import in_force
from async_lint.rules._timeouts.drained_pipes import is_drained
from async_lint.rules._timeouts.excuses import excuse, hands_on
from async_lint.rules._timeouts.handed_pipes import may_be_at_its_end
from async_lint.rules._timeouts.holders import holders
from async_lint.rules._timeouts.hosts import is_this_host
from async_lint.rules._timeouts.own_program import is_own_program
from async_lint.rules._timeouts.read_again import Reads, Told, is_told_above, reads_below
from async_lint.rules._timeouts.readers import is_local
from async_lint.rules._timeouts.reported import MISSING_TIMEOUTS, is_by_default
from async_lint.rules._timeouts.timeout_fix import DEFAULT_TIMEOUT, advice, remedy, shown
from async_lint.rules._timeouts.unread_pipe import unread_pipes
from async_lint.rules._timeouts.waits import Unbounded, awaited, unbounded


def could_wait(node: ast.Await, facts: Facts) -> bool:
    if not isinstance(node.value, ast.Call):
        return False
    site = Site(node.value, facts.frame)
    calls = awaited(node.value, site, facts.view)
    return any(unbounded(site._replace(node=call), facts.view, entering=False) for call in calls)


def could_enter(node: ast.AsyncWith, facts: Facts) -> bool:
    calls = (item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call))
    return any(unbounded(Site(call, facts.frame), facts.view, entering=True) for call in calls)


def could_make(node: ast.Call, facts: Facts) -> bool:
    return unlimited_maker(Site(node, facts.frame), facts.view) is not None


def check(node: cst.Await, context: Context) -> Iterator[Finding]:
    if isinstance(node.expression, cst.Call):
        yield from _waits(node.expression, context, entering=False)


def check_with(node: cst.With, context: Context) -> Iterator[Finding]:
    if node.asynchronous is not None:
        for item in node.items:
            if isinstance(item.item, cst.Call):
                yield from _waits(item.item, context, entering=True)


def check_maker(node: cst.Call, context: Context) -> Iterator[Finding]:
    site = _site(node, context)
    maker = unlimited_maker(site, context.view) if site is not None else None
    if site is None or maker is None or is_test(site.frame):
        return

    def may_wait(call: Site, unlimited: Unbounded) -> bool:
        return in_force(call, context.view, excuse(unlimited.wait, context.view))

    held = first_held(maker, site, holders(context), context.view, may_wait)
    if held is not None:
        yield Finding(context.span(node), _blame(maker, held), advice(held.found, context))


def _waits(call: cst.Call, context: Context, entering: bool) -> Iterator[Finding]:
    own = _site(call, context)
    if own is None or is_test(own.frame):
        return
    view, reads = context.view, context.source.once(Reads)
    for node in [own.node] if entering else awaited(own.node, own, view):
        site = own._replace(node=node)
        unlimited = _told(site, view, entering)
        if unlimited is None:
            continue
        if context.settings[MISSING_TIMEOUTS.key] != "all" and not is_by_default(unlimited, site, view):
            continue
        fix = remedy(unlimited, None if entering else call, site, context)
        # What can be applied is applied to each read.
        told = _told_in(view) if not fix.edits else _nothing
        if is_told_above(unlimited, site, view, reads, told):
            continue
        below = reads_below(unlimited, site, view, reads, told)
        more = f", here and in {below} more read{'s' if below > 1 else ''} of it below" if below else ""
        yield Finding(context.source.span(node), _message(unlimited, site, view) + more, fix)


def _told(site: Site, view: ModuleView, entering: bool) -> Unbounded | None:
    """Return what there is to tell of a call, if anything is."""
    unlimited = unbounded(site, view, entering)
    # What a client could have limited is told where that is made.
    if unlimited is None or unlimited.wait.client or hands_on(site, view):
        return None
    if is_local(unlimited, site, view) or is_this_host(unlimited, site, view):
        return None
    if is_own_program(unlimited, site, view) and not unread_pipes(unlimited, site, view):
        return None
    if is_drained(unlimited, site, view):
        return None
    if may_be_at_its_end(unlimited, site, view) or in_force(site, view, excuse(unlimited.wait, view)):
        return None
    return unlimited


def _told_in(view: ModuleView) -> Told:
    return lambda site: _told(site, view, entering=False)


def _nothing(site: Site) -> None:
    return None


def _site(call: cst.Call, context: Context) -> Site | None:
    counterpart = context.counterpart(call)
    return (
        Site(counterpart.node, counterpart.frame)
        if counterpart is not None and isinstance(counterpart.node, ast.Call)
        else None
    )


def _message(unlimited: Unbounded, site: Site, view: ModuleView) -> str:
    package = unlimited.name.partition(".")[0]
    waits = f"{_label(unlimited.name)} waits {unlimited.wait.waits} without a deadline"
    stuck = unlimited.wait.stuck
    unread = unread_pipes(unlimited, site, view)
    if unread:
        pipes = " or ".join(f"`{pipe}`" for pipe in unread)
        stuck = f"{stuck}, or that fills its {pipes}, a pipe that nothing has read,"
    return f"{waits}, and {package} sets none by default, so {stuck} holds the task {unlimited.wait.until}"


def _blame(maker: Maker, held: Held) -> str:
    module, wait = held.site.frame.module, held.found.wait
    where = cited(module.path, held.site.node.lineno)
    given = f"{_label(maker.name)} is given no {shown(held.found)}"
    waits = f"{_label(held.found.name)} ({where}) waits {wait.waits} without a deadline"
    return f"{given}, so {waits}, and {wait.stuck} holds the task {wait.until}"


def _label(name: str) -> str:
    return f"`{'.'.join(name.split('.')[-2:])}`"


RULE = Rule(
    code="ASL501",
    name="missing-timeout",
    summary="await without a deadline",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.Await: could_wait, ast.AsyncWith: could_enter, ast.Call: could_make},
    visit={cst.Await: check, cst.With: check_with, cst.Call: check_maker},
    options=(DEFAULT_TIMEOUT, MISSING_TIMEOUTS),
)
