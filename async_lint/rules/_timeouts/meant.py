"""Where to wait for another part of the program, as long as that takes, is what the function around is for."""

import ast
import re
from collections.abc import Sequence

from async_lint.inference.face import Frame, ModuleView, Site, descendants
from async_lint.rules._timeouts.around import is_awaited_within
from async_lint.rules._timeouts.excuses import is_consumer, is_left_to_the_caller, is_task
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.table import receivers

_RUNNING = (
    "asyncio.run",
    "asyncio.Runner.run",
    "asyncio.AbstractEventLoop.run_until_complete",
    "anyio.run",
    "trio.run",
)
_CLOSING = frozenset({"__aexit__", "aclose"})
# An end may be waited for as long as the program runs.
_END = re.compile(r"stop|clos|shut|exit|quit|terminat|kill|disconnect|abort|lost|gone|forever", re.IGNORECASE)


def is_left(_: Site, around: Sequence[ast.AST]) -> bool:
    """Whether the function that a call stands in is given a deadline, and asks whether it was."""
    return is_left_to_the_caller(around)


def is_meant(wait: ast.Await, waiter: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether an await of `waiter` may take as long as it likes, or sometimes has a deadline that was thought of."""
    around = view.project.above(wait, frame)
    if not around or getattr(around[0], "name", "") in _CLOSING or is_left_to_the_caller(around):
        return True
    if _END.search(ast.unparse(waiter)) or is_consumer(around) or _is_sometimes_limited(waiter, around[0], frame, view):
        return True
    return _is_own_task(frame, view)


def _is_sometimes_limited(waiter: ast.expr, function: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether the function waits for the same under a deadline elsewhere: in the branch where it has one."""
    text = ast.unparse(waiter)
    uses = (node for node in descendants(function) if isinstance(node, ast.Name | ast.Attribute))
    return any(
        is_awaited_within([*around, use], frame, view)
        for use in uses
        if ast.unparse(use) == text and (around := view.project.above(use, frame))
    )


def _is_own_task(frame: Frame, view: ModuleView) -> bool:
    """Whether the function of a frame is run as a program, or as a task of its own, wherever that can be seen."""
    callers = [caller.site for caller in view.project.callers(frame) if caller.proved]
    return bool(callers) and all(_is_started(site, view) for site in callers)


def _is_started(site: Site, view: ModuleView) -> bool:
    around = view.project.above(site.node, site.frame)
    # Outside functions there is nothing but the program to run it.
    return around is None or is_task(around) or any(_runs(node, site, view) for node in around)


def _runs(node: ast.AST, site: Site, view: ModuleView) -> bool:
    if not isinstance(node, ast.Call) or last_word(node) not in receivers(_RUNNING):
        return False
    return receivers(_RUNNING).find(view.calls.kind_of(node, site.frame).name, view.names.canonical) is not None
