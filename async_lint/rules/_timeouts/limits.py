"""Whether a callee sets a deadline: by the table, by what its definition does, by its name as a last resort."""

import ast
import re
from collections.abc import Set

from async_lint.inference.face import Frame, ModuleView, Site
from async_lint.rules._timeouts.given import Given, given, last_word
from async_lint.rules._timeouts.table import deadlines

# What cannot be looked up is known by what it is called: the silence of a rule may rest on that.
TELLING = re.compile(r"timeout|time_limit|deadline|wait_for|fail_after|fail_at|move_on_after|move_on_at", re.I)
# What a deadline is made of where no library's is used.
TIMERS = frozenset({"call_later", "call_at", "reschedule", "setitimer", "alarm"})
_DEEP = 3


def entered_limits(context: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether to enter `context` sets a deadline, or may."""
    if isinstance(context, ast.Call):
        return call_limits(Site(context, frame), view)
    made = view.project.origins(context, frame)
    if made:
        return any(call_limits(site, view) for site in made)
    return bool(TELLING.search(dotted(context)) or TELLING.search(view.names.name_of(context, frame) or ""))


def call_limits(site: Site, view: ModuleView) -> bool:
    """Whether a call sets a deadline for what is entered with it or handed to it, or may."""
    known = _by_table(site, view)
    if known is not None:
        return known
    # `limit(None)`: whatever that is, it was told to set none.
    if len(site.node.args) == 1 and is_nothing(site.node.args[0]):
        return False
    return callee_limits(site.node.func, site.frame, view)


def callee_limits(callee: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether what is called, or a decorator, sets a deadline, or may."""
    known = _by_definition(callee, frame, view, _DEEP, frozenset())
    return bool(TELLING.search(dotted(callee))) if known is None else known


def _by_table(site: Site, view: ModuleView) -> bool | None:
    word = last_word(site.node)
    for entries in (deadlines("contexts"), deadlines("wrappers")):
        # A name of its own may stand for one of them: `from asyncio import timeout as limit`.
        if word in entries or isinstance(site.node.func, ast.Name):
            hit = entries.find(view.calls.kind_of(site.node, site.frame).name, view.names.canonical)
            if hit is not None:
                return given(site.node, hit[1], (None,)) not in (Given.ABSENT, Given.NOTHING)
    return None


def _by_definition(callee: ast.expr, frame: Frame, view: ModuleView, depth: int, seen: Set[str]) -> bool | None:
    """Whether the definition of a callee sets a deadline; None where it is not in sight."""
    nodes = view.project.inside(callee, frame)
    if nodes is None:
        return None
    name = view.names.name_of(callee, frame) or ""
    if depth == 0 or name in seen:
        return False
    seen = seen | {name}
    return any(_sets_one(node, inner, view, depth - 1, seen) for node, inner in nodes)


def _sets_one(node: ast.AST, frame: Frame, view: ModuleView, depth: int, seen: Set[str]) -> bool:
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return node.attr == "deadline"  # of a cancel scope
    if not isinstance(node, ast.Call):
        return False
    if last_word(node) in TIMERS:
        return True
    known = _by_table(Site(node, frame), view)
    if known is None:
        known = _by_definition(node.func, frame, view, depth, seen)
    return bool(TELLING.search(dotted(node.func))) if known is None else known


def is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def dotted(node: ast.expr) -> str:
    """Return the words of a chain of attributes, with those of the calls in it: `self.limits.timeout`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return node.id if isinstance(node, ast.Name) else ""
