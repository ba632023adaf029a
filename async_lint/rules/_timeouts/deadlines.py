"""Whether a deadline is in force where a call stands: around it in its function, or around every call of that."""

import ast
from collections.abc import Callable, Iterator, Sequence

from async_lint.inference.names.origins import Site
from async_lint.inference.resolver import ModuleView
from async_lint.inference.syntax.nodes import descendants
from async_lint.rules._timeouts.limits import TELLING, call_limits, callee_limits, entered_limits, is_nothing
from async_lint.rules._timeouts.table import last_word

_MOVING = frozenset({"deadline", "reschedule"})
_STACKS = frozenset({"enter_context", "enter_async_context"})
TASKS = frozenset({"create_task", "ensure_future", "start_soon"})
_CALLERS_DEEP = 8


Excuse = Callable[[Site, Sequence[ast.AST]], bool]


def in_force(site: Site, view: ModuleView, excuse: Excuse) -> bool:
    """Whether something limits how long the call may wait, here or around every call of this function.

    `excuse` is told the nodes above a call, and says what else counts as a limit there. True, too, where nothing can
    be told.
    """
    return bool(_in_force(site, view, excuse, _CALLERS_DEEP, {}))


def _in_force(site: Site, view: ModuleView, excuse: Excuse, depth: int, known: dict[int, bool | None]) -> bool | None:
    """Return the same; None for a call in a function that is being asked about: that function's other calls tell."""
    around = view.above(site.node, site.frame)
    if around is None or _limited(site, around, view) or excuse(site, around):
        return True
    scope = id(site.frame.enclosing_function())
    if scope not in known:
        known[scope] = None
        known[scope] = depth > 0 and _by_callers(site, view, excuse, depth, known)
    return known[scope]


def _by_callers(site: Site, view: ModuleView, excuse: Excuse, depth: int, known: dict[int, bool | None]) -> bool:
    """Whether the project calls the function around the call, and never but under a deadline."""
    limited = False
    for caller in view.callers(site.frame):
        if caller.site.frame.enclosing_function() is None:
            continue  # what starts the program sets no deadline for it
        found = _in_force(caller.site, view, excuse, depth - 1 if caller.proved else 0, known)
        if found:
            limited = True
        elif found is False and caller.proved:
            return False
    return limited


def _limited(site: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    chain = [*around, site.node]
    if _is_decorated(around[0], site, view):
        return True
    awaited = False
    for inner, outer in zip(reversed(chain), reversed(chain[:-1]), strict=False):
        match outer:
            case ast.With() | ast.AsyncWith():
                items = _before(outer.items, inner)
                if any(_is_deadline(item, outer, site, view) for item in items):
                    return True
            case ast.Await():
                awaited = True
            case ast.Call() if not awaited and _wraps(outer, site, view):
                return True
    return _on_a_stack(around[0], site, view) or _task_is_limited(chain, site, view)


def _is_decorated(function: ast.AST, site: Site, view: ModuleView) -> bool:
    """Whether a decorator puts the function under a deadline, or may: `@time_limit(5)`."""
    for each in getattr(function, "decorator_list", ()):
        callee = each.func if isinstance(each, ast.Call) else each
        told = TELLING.search(ast.unparse(each)) is not None
        if callee_limits(callee, site.frame, view) or (told and view.inside(callee, site.frame) is None):
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
    told = any(each.arg and TELLING.search(each.arg) and not is_nothing(each.value) for each in call.keywords)
    # What is found in the project, or in a table, does as it does.
    return told and view.inside(call.func, site.frame) is None


def _on_a_stack(function: ast.AST, site: Site, view: ModuleView) -> bool:
    for each in _calls(function):
        if last_word(each) in _STACKS and each.args and entered_limits(each.args[0], site.frame, view):
            return True
    return False


def _task_is_limited(chain: Sequence[ast.AST], site: Site, view: ModuleView) -> bool:
    """Whether a call becomes a task that the same function waits for under a deadline: `wait_for(task, 5)`."""
    if not any(isinstance(each, ast.Call) and last_word(each) in TASKS for each in chain[:-1]):
        return False
    names = {
        target.id
        for each in chain
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    return any(
        _wraps(each, site, view) and names & {inner.id for inner in descendants(each) if isinstance(inner, ast.Name)}
        for each in _calls(chain[0])
    )


def _calls(function: ast.AST) -> Iterator[ast.Call]:
    return (each for each in descendants(function) if isinstance(each, ast.Call))
