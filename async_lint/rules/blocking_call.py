"""ASL601: a call that blocks the event loop, itself or through plain functions of the project."""

import ast
import re
from collections.abc import Iterator, Mapping

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Site, Wanted
from async_lint.model import FixAvailability, OptionValue
from async_lint.rule import Finding, Option, Rule
from async_lint.rules._blocking.conversation import conversation
from async_lint.rules._blocking.on_the_loop import is_harmless, runs_on_loop
from async_lint.rules._blocking.same_way import same_way
from async_lint.rules._blocking.thread_fix import remedy
from async_lint.rules._blocking.wording import message
from async_lint.rules._shared.comments import is_declined
from async_lint.rules._shared.guards import is_dead

# What flake8-async and Ruff call the same, now and formerly.
_DECLINED = re.compile(r"\bASYNC(?:10[0-2]|2\d\d)\b")
FILES = Option(
    key="blocking-files",
    kind=bool,
    default=False,
    help="whether ASL601 reports small work with files too: open(), Path.read_text(), shutil.copy()",
)
DATABASES = Option(
    key="blocking-databases",
    kind=str,
    default="long",
    help="which calls of databases ASL601 reports: long ones, or also local SQLite and single commands of Redis",
    choices=("long", "all"),
)
PROCESSES = Option(
    key="blocking-processes",
    kind=str,
    default="long",
    help="which processes ASL601 reports: long ones, or also commands that are over at once, such as git status",
    choices=("long", "all"),
)


def could_block(node: ast.Call, facts: Facts) -> bool:
    return runs_on_loop(facts.frame) and (
        facts.view.blocking.path(node, facts.frame, _wanted(facts.settings)) is not None
    )


def check(node: cst.Call, context: Context) -> Iterator[Finding]:
    # What is awaited is no such call, whatever its name says: a client may have an asynchronous twin.
    if _is_awaited(context) or is_dead(context):
        return
    counterpart = context.counterpart(node)
    if counterpart is None or not isinstance(counterpart.node, ast.Call) or not runs_on_loop(counterpart.frame):
        return
    site = Site(counterpart.node, counterpart.frame)
    wanted = _wanted(context.settings)
    path = context.view.blocking.path(*site, wanted)
    around = context.view.project.above(*site)
    if path is None or around is None or is_harmless(path, site, around, context.view):
        return
    returns = same_way(path, site, around, wanted, context.view)
    first, *said = conversation(path, site, around, wanted, context.view)
    is_first = first is site.node and all(other.lineno > site.node.lineno for other in returns)
    if is_first and not is_declined(context.span(node), _DECLINED, context):
        fix = remedy(path, node, site, around, len(returns), len(said), context)
        yield Finding(context.span(node), message(path, len(said)), fix)


def _wanted(settings: Mapping[str, OptionValue]) -> Wanted:
    return Wanted(
        files=bool(settings[FILES.key]),
        databases=settings[DATABASES.key] == "all",
        processes=settings[PROCESSES.key] == "all",
    )


def _is_awaited(context: Context) -> bool:
    """Whether the visited call stands behind `await`, `async with` or `async for`."""
    parent = context.parent()
    if isinstance(parent, cst.WithItem):
        parent = context.ancestors[-2]
        return isinstance(parent, cst.With) and parent.asynchronous is not None
    if isinstance(parent, (cst.For, cst.CompFor)):
        return parent.asynchronous is not None and context.node is parent.iter
    return isinstance(parent, cst.Await)


RULE = Rule(
    code="ASL601",
    name="blocking-call",
    summary="call blocks the event loop",
    fix=FixAvailability.SOMETIMES,
    triggers={ast.Call: could_block},
    visit={cst.Call: check},
    options=(FILES, DATABASES, PROCESSES),
)
