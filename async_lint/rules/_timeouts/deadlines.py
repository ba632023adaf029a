"""Whether a deadline is in force where something waits: around it in its function, or around every call of that."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from async_lint.inference.face import Frame, ModuleView, Site
from async_lint.rules._timeouts.around import is_limited

TASKS = frozenset({"create_task", "ensure_future", "start_soon"})
_CALLERS_DEEP = 12
# Of the calls between a wait and a deadline, so many may be of something that only has the function's name.
_UNPROVED = 2
_MAX_FUNCTIONS = 50


Excuse = Callable[[Site, Sequence[ast.AST]], bool]


@dataclass(frozen=True)
class _Search:
    """What was found so far about one wait: by function, and by how many unproved calls may follow above it."""

    view: ModuleView
    excuse: Excuse
    known: dict[tuple[int, int], bool | None] = field(default_factory=dict)


def in_force(site: Site, view: ModuleView, excuse: Excuse) -> bool:
    """Whether something limits how long the call may wait, here or around every call of this function.

    `excuse` is told the nodes above a call, and says what else counts as a limit there. True, too, where nothing can
    be told.
    """
    return bool(_in_force(site, _Search(view, excuse), _CALLERS_DEEP, _UNPROVED))


def in_force_without_call(node: ast.expr, frame: Frame, view: ModuleView, excuse: Excuse) -> bool:
    """Whether the same holds of what is awaited and is no call: `await future`; `excuse` is told of callers alone."""
    around = view.project.above(node, frame)
    if around is None or is_limited([*around, node], frame, view):
        return True
    return _by_callers(frame, _Search(view, excuse), _CALLERS_DEEP, _UNPROVED)


def _in_force(site: Site, search: _Search, depth: int, unproved: int) -> bool | None:
    """Return the same; None for a call in a function that is being asked about: that function's other calls tell."""
    around = search.view.project.above(site.node, site.frame)
    if around is None or is_limited([*around, site.node], site.frame, search.view) or search.excuse(site, around):
        return True
    known = search.known
    # Fewer calls without proof may follow further up, where the answer for the same function may be another.
    scope = id(site.frame.enclosing_function()), unproved
    if scope not in known:
        searched = depth > 0 and unproved >= 0 and len(known) < _MAX_FUNCTIONS
        # Functions that call each other come back here while they are asked about.
        known[scope] = None
        known[scope] = searched and _by_callers(site.frame, search, depth, unproved)
    return known[scope]


def _by_callers(frame: Frame, search: _Search, depth: int, unproved: int) -> bool:
    """Whether the project calls the function of a frame, and never but under a deadline."""
    # What starts the program sets no deadline for it.
    callers = [
        caller for caller in search.view.project.callers(frame) if caller.site.frame.enclosing_function() is not None
    ]
    # A call without proof counts where it leads to a deadline, and never against one.
    limited = False
    for caller in callers:
        if caller.proved:
            verdict = _in_force(caller.site, search, depth - 1, unproved)
            if verdict is False:
                return False
            limited = limited or verdict is True
    return limited or any(
        _in_force(caller.site, search, depth - 1, unproved - 1) for caller in callers if not caller.proved
    )
