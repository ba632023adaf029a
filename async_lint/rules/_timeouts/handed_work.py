"""What a call is handed to wait for: whether that is a wait for a peer, which nothing else ends."""

import ast

from async_lint.inference.face import Frame, ModuleView, Site
from async_lint.rules._timeouts.around import is_limited
from async_lint.rules._timeouts.deadlines import TASKS
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.reported import is_by_default
from async_lint.rules._timeouts.table import Wait
from async_lint.rules._timeouts.waits import unbounded

_DEEP = 3


def peer_waited_for(work: ast.expr, frame: Frame, view: ModuleView, depth: int = _DEEP) -> Wait | None:
    """Return a wait without a limit that `work` is, or that a function of the project does when it is run."""
    calls = [Site(work, frame)] if isinstance(work, ast.Call) else view.project.origins(work, frame) or ()
    waits = (_waited_for(call, view, depth) for call in calls)
    return next((wait for wait in waits if wait is not None), None)


def _waited_for(call: Site, view: ModuleView, depth: int) -> Wait | None:
    found = unbounded(call, view, entering=False)
    if found is not None:
        # What a client could have limited is told where that is made.
        return found.wait if not found.wait.client and is_by_default(found, call, view) else None
    if depth == 0:
        return None
    if last_word(call.node) in TASKS and call.node.args:
        return peer_waited_for(call.node.args[0], call.frame, view, depth - 1)
    for node, inner in view.project.inside(call.node.func, call.frame) or ():
        if isinstance(node, ast.Await):
            around = view.project.above(node.value, inner)
            limited = around is None or is_limited([*around, node.value], inner, view)
            wait = None if limited else peer_waited_for(node.value, inner, view, depth - 1)
            if wait is not None:
                return wait
    return None
