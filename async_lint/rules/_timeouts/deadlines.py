"""Whether a deadline is in force where a call stands: around it in its function, or around every call of that."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from async_lint.inference.face import ModuleView, Site, descendants
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.limits import TELLING, call_limits, callee_limits, entered_limits, is_nothing

# `asyncio.Timeout` has the method, cancel scopes have the attribute.
_MOVING = frozenset({"deadline", "reschedule"})
_STACKS = frozenset({"enter_context", "enter_async_context"})
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


def _in_force(site: Site, search: _Search, depth: int, unproved: int) -> bool | None:
    """Return the same; None for a call in a function that is being asked about: that function's other calls tell."""
    around = search.view.project.above(site.node, site.frame)
    if around is None or _limited(site, around, search.view) or search.excuse(site, around):
        return True
    known = search.known
    # Fewer calls without proof may follow further up, where the answer for the same function may be another.
    scope = id(site.frame.enclosing_function()), unproved
    if scope not in known:
        searched = depth > 0 and unproved >= 0 and len(known) < _MAX_FUNCTIONS
        # Functions that call each other come back here while they are asked about.
        known[scope] = None
        known[scope] = searched and _by_callers(site, search, depth, unproved)
    return known[scope]


def _by_callers(site: Site, search: _Search, depth: int, unproved: int) -> bool:
    """Whether the project calls the function around the call, and never but under a deadline."""
    # What starts the program sets no deadline for it.
    callers = [
        caller
        for caller in search.view.project.callers(site.frame)
        if caller.site.frame.enclosing_function() is not None
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


def _limited(site: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    chain = [*around, site.node]
    return (
        _is_decorated(around[0], site, view)
        or _is_within(chain, site, view)
        or _on_a_stack(around[0], site, view)
        or _name_is_limited(chain, site, view)
    )


def _is_within(chain: Sequence[ast.AST], site: Site, view: ModuleView, awaited_there: bool = False) -> bool:
    """Whether the last of a chain of nodes runs in a deadline's `with`, or is handed to what sets one.

    With `awaited_there`, such a `with` counts for what is awaited in it alone.
    """
    awaited = False
    for inner, outer in pairwise(reversed(chain)):
        match outer:
            case ast.With() | ast.AsyncWith() if awaited or not awaited_there:
                items = _before(outer.items, inner)
                if any(_is_deadline(item, outer, site, view) for item in items):
                    return True
            case ast.Await():
                awaited = True
            # What is awaited on the way has ended when the call gets its result.
            case ast.Call() if not awaited and _wraps(outer, site, view):
                return True
    return False


def _is_decorated(function: ast.AST, site: Site, view: ModuleView) -> bool:
    """Whether a decorator puts the function under a deadline, or may: `@time_limit(5)`."""
    for decorator in getattr(function, "decorator_list", ()):
        callee = decorator.func if isinstance(decorator, ast.Call) else decorator
        # A decorator of the project does as its definition says, whatever its name.
        told = TELLING.search(ast.unparse(decorator)) is not None
        if callee_limits(callee, site.frame, view) or (told and view.project.inside(callee, site.frame) is None):
            return True
    return False


def _before(items: Sequence[ast.withitem], inner: ast.AST) -> Sequence[ast.withitem]:
    """Return the context managers that are entered before `inner` runs, which is a part of the `with` statement."""
    return items[: items.index(inner)] if isinstance(inner, ast.withitem) else items


def _is_deadline(item: ast.withitem, block: ast.With | ast.AsyncWith, site: Site, view: ModuleView) -> bool:
    """Whether entering `item` sets a deadline, or may; its name may move one later: `scope.deadline = when`."""
    if entered_limits(item.context_expr, site.frame, view):
        return True
    name = item.optional_vars
    return isinstance(name, ast.Name) and any(
        isinstance(node, ast.Attribute)
        and node.attr in _MOVING
        and isinstance(node.value, ast.Name)
        and node.value.id == name.id
        for statement in block.body
        for node in descendants(statement)
    )


def _wraps(call: ast.Call, site: Site, view: ModuleView) -> bool:
    """Whether what a call is handed runs under a deadline."""
    own = Site(call, site.frame)
    if call_limits(own, view):
        return True
    told = any(
        keyword.arg and TELLING.search(keyword.arg) and not is_nothing(keyword.value) for keyword in call.keywords
    )
    # What is found in the project, or in a table, does as it does.
    return told and view.project.inside(call.func, site.frame) is None


def _on_a_stack(function: ast.AST, site: Site, view: ModuleView) -> bool:
    for call in _calls(function):
        if last_word(call) in _STACKS and call.args and entered_limits(call.args[0], site.frame, view):
            return True
    return False


def _name_is_limited(chain: Sequence[ast.AST], site: Site, view: ModuleView) -> bool:
    """Whether a coroutine or a task gets a name that the same function waits for under a deadline.

    `task = create_task(work())`, and then `wait_for(task, 5)`.
    """
    names = _named(chain)
    if not names:
        return False
    seen: set[str] = set()
    uses = [node for node in descendants(chain[0]) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    while names:
        seen |= names
        used = [(*above, use) for use in uses if use.id in names and (above := view.project.above(use, site.frame))]
        if any(_is_within(way, site, view, awaited_there=True) for way in used):
            return True
        names = {name for way in used for name in _named(way)} - seen
    return False


def _named(chain: Sequence[ast.AST]) -> set[str]:
    """Return the names that are bound to the last of a chain of nodes, not awaited yet, or to what holds it."""
    for node in reversed(chain):
        match node:
            case ast.Assign(targets=targets):
                return {target.id for target in targets if isinstance(target, ast.Name)}
            case (
                ast.AnnAssign(target=ast.Name(id=name))
                | ast.AugAssign(target=ast.Name(id=name))
                | ast.NamedExpr(target=ast.Name(id=name))
            ):
                return {name}
            case ast.Await() | ast.stmt():
                return set()
    return set()


def _calls(function: ast.AST) -> Iterator[ast.Call]:
    return (node for node in descendants(function) if isinstance(node, ast.Call))
