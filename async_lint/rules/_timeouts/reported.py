"""Which waits are reported by default: a peer that falls silent holds them for ever, and nothing else ends them."""

import ast

from async_lint.inference.face import ModuleView, Site
from async_lint.rule import Option
from async_lint.rules._timeouts.drained_pipes import reads_to_the_end
from async_lint.rules._timeouts.own_code import before
from async_lint.rules._timeouts.table import FOR_EVER
from async_lint.rules._timeouts.unread_pipe import unread_pipes
from async_lint.rules._timeouts.waits import Unbounded

MISSING_TIMEOUTS = Option(
    key="missing-timeouts",
    kind=str,
    default="silent-peers",
    help="what ASL501 reports: waits that a silent peer holds for ever, or also those for processes and connections",
    choices=("silent-peers", "all"),
)

# What asks a process to end: it may have a handler for that, or ignore it.
_ASKING = ("terminate", "send_signal")


def is_by_default(unlimited: Unbounded, site: Site, view: ModuleView) -> bool:
    """Whether a wait is reported where nobody asks for all.

    A process takes as long as its work does: what counts is one whose pipes nobody reads, or that was asked to end.
    To read one of its pipes to the end is the same wait. The operating system gives up a connection after minutes.
    """
    if reads_to_the_end(unlimited, site, view):
        return False
    if not unlimited.wait.works:
        return unlimited.wait.until == FOR_EVER
    return bool(unread_pipes(unlimited, site, view)) or _was_asked_to_end(site, view)


def _was_asked_to_end(site: Site, view: ModuleView) -> bool:
    around = view.project.above(site.node, site.frame)
    if not around or not isinstance(site.node.func, ast.Attribute):
        return False
    process = ast.unparse(site.node.func.value)
    endings = [f"{process}.{method}" for method in _ASKING]
    asked = False
    for node in before(around[0], site.node):
        if isinstance(node, ast.Call):
            asked = asked or ast.unparse(node.func) in endings
        # From here on the name holds another process.
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            asked = asked and not f"{process}.".startswith(f"{ast.unparse(node)}.")
    return asked
