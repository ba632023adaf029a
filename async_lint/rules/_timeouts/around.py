"""Whether a deadline is in force where something stands, as far as the function around it tells."""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from async_lint.inference.face import Frame, ModuleView, Site, descendants
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.limits import TELLING, call_limits, callee_limits, entered_limits, is_nothing
from async_lint.rules._timeouts.own_code import mentions
from async_lint.rules._timeouts.timers import has_timer

# `asyncio.Timeout` has the method, cancel scopes have the attribute.
_MOVING = frozenset({"deadline", "reschedule"})
_STACKS = frozenset({"enter_context", "enter_async_context"})


def is_limited(chain: Sequence[ast.AST], frame: Frame, view: ModuleView) -> bool:
    """Whether a deadline is in force where the last of a chain of nodes stands, the first being its function."""
    return (
        _is_decorated(chain[0], frame, view)
        or _is_within(chain, frame, view)
        or _on_a_stack(chain[0], frame, view)
        or _name_is_limited(chain, frame, view)
        or has_timer(chain, frame, view)
    )


def is_awaited_within(chain: Sequence[ast.AST], frame: Frame, view: ModuleView) -> bool:
    """Whether the last of a chain of nodes is awaited under a deadline that the function itself sets there."""
    return _is_within(chain, frame, view, awaited_there=True)


def _is_within(chain: Sequence[ast.AST], frame: Frame, view: ModuleView, awaited_there: bool = False) -> bool:
    """Whether the last of a chain of nodes runs in a deadline's `with`, or is handed to what sets one.

    With `awaited_there`, such a `with` counts for what is awaited in it alone.
    """
    awaited = False
    for inner, outer in pairwise(reversed(chain)):
        match outer:
            case ast.With() | ast.AsyncWith() if awaited or not awaited_there:
                items = _before(outer.items, inner)
                if any(_is_deadline(item, outer, frame, view) for item in items):
                    return True
            case ast.Await():
                awaited = True
            # What is awaited on the way has ended when the call gets its result.
            case ast.Call() if not awaited and _wraps(outer, inner, frame, view):
                return True
    return False


def _is_decorated(function: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether a decorator puts the function under a deadline, or may: `@time_limit(5)`."""
    for decorator in getattr(function, "decorator_list", ()):
        callee = decorator.func if isinstance(decorator, ast.Call) else decorator
        # A decorator of the project does as its definition says, whatever its name.
        told = TELLING.search(ast.unparse(decorator)) is not None
        if callee_limits(callee, frame, view) or (told and view.project.inside(callee, frame) is None):
            return True
    return False


def _before(items: Sequence[ast.withitem], inner: ast.AST) -> Sequence[ast.withitem]:
    """Return the context managers that are entered before `inner` runs, which is a part of the `with` statement."""
    return items[: items.index(inner)] if isinstance(inner, ast.withitem) else items


def _is_deadline(item: ast.withitem, block: ast.With | ast.AsyncWith, frame: Frame, view: ModuleView) -> bool:
    """Whether entering `item` sets a deadline, or may; its name may move one later: `scope.deadline = when`."""
    if entered_limits(item.context_expr, frame, view):
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


def _wraps(call: ast.Call, handed: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether what a call is handed runs under a deadline, which is not that itself."""
    if call_limits(Site(call, frame), view):
        return True
    told = any(
        keyword.arg and TELLING.search(keyword.arg) and not is_nothing(keyword.value)
        for keyword in call.keywords
        if keyword is not handed
    )
    # What is found in the project, or in a table, does as it does.
    return told and view.project.inside(call.func, frame) is None


def _on_a_stack(function: ast.AST, frame: Frame, view: ModuleView) -> bool:
    for call in _calls(function) if mentions(function, _STACKS, frame) else ():
        if last_word(call) in _STACKS and call.args and entered_limits(call.args[0], frame, view):
            return True
    return False


def _name_is_limited(chain: Sequence[ast.AST], frame: Frame, view: ModuleView) -> bool:
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
        used = [(*above, use) for use in uses if use.id in names and (above := view.project.above(use, frame))]
        if any(_is_within(way, frame, view, awaited_there=True) for way in used):
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
