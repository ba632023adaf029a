"""Whether a deadline is in force where a call stands: around it in its function, or around every call of that."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from async_lint.inference.nodes import descendants
from async_lint.inference.origins import Site
from async_lint.inference.resolver import ModuleView
from async_lint.rules._timeouts import Given, deadlines, given, last_word

# A project's own wrappers are known by what they are called: the silence of a rule may rest on that.
TELLING = re.compile(r"timeout|time_limit|deadline|wait_for|fail_after|fail_at|move_on_after|move_on_at", re.I)
_STACKS = frozenset({"enter_context", "enter_async_context"})
TASKS = frozenset({"create_task", "ensure_future", "start_soon"})
_CALLERS_DEEP = 4


Excuse = Callable[[Site, Sequence[ast.AST]], bool]


def in_force(site: Site, view: ModuleView, excuse: Excuse) -> bool:
    """Whether something limits how long the call may wait, here or around every call of this function.

    `excuse` is told the nodes above a call, and says what else counts as a limit there. True, too, where nothing can
    be told.
    """
    return _in_force(site, view, excuse, _CALLERS_DEEP, set())


def _in_force(site: Site, view: ModuleView, excuse: Excuse, depth: int, seen: set[int]) -> bool:
    around = view.above(site.node, site.frame)
    if around is None or _limited(site, around, view) or excuse(site, around):
        return True
    scope = site.frame.enclosing_function()
    if depth == 0 or id(scope) in seen:
        return False
    seen.add(id(scope))
    return _by_callers(site, view, excuse, depth, seen)


def _by_callers(site: Site, view: ModuleView, excuse: Excuse, depth: int, seen: set[int]) -> bool:
    """Whether the project calls the function around the call, and never but under a deadline."""
    limited = False
    for caller in view.callers(site.frame):
        if caller.site.frame.enclosing_function() is None:
            continue  # what starts the program sets no deadline for it
        if _in_force(caller.site, view, excuse, depth - 1 if caller.proved else 0, seen):
            limited = True
        elif caller.proved:
            return False
    return limited


def _limited(site: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    chain = [*around, site.node]
    if any(TELLING.search(ast.unparse(each)) for each in getattr(around[0], "decorator_list", ())):
        return True
    awaited = False
    for inner, outer in zip(reversed(chain), reversed(chain[:-1]), strict=False):
        match outer:
            case ast.With() | ast.AsyncWith():
                items = _before(outer.items, inner)
                if any(is_deadline(item.context_expr, site, view) for item in items):
                    return True
            case ast.Await():
                awaited = True
            case ast.Call() if not awaited and _wraps(outer, site, view):
                return True
    return _on_a_stack(around[0], site, view) or _task_is_limited(chain, site, view)


def _before(items: Sequence[ast.withitem], inner: ast.AST) -> Sequence[ast.withitem]:
    """Return the context managers that are entered before `inner` runs, which is a part of the `with` statement."""
    return items[: items.index(inner)] if isinstance(inner, ast.withitem) else items


def is_deadline(context: ast.expr, site: Site, view: ModuleView) -> bool:
    """Whether entering `context` sets a deadline, or may."""
    if isinstance(context, ast.Call):
        found = deadlines("contexts").find(view.kind_of(context, site.frame).name, view.canonical)
        if found is not None:
            known = found[1]
            return given(context, {known.timeout: known.position}, (None,)) not in (Given.ABSENT, Given.NOTHING)
        if len(context.args) == 1 and _is_nothing(context.args[0]):
            return False
        return bool(TELLING.search(_dotted(context.func)))
    return bool(TELLING.search(_dotted(context)) or TELLING.search(view.name_of(context, site.frame) or ""))


def _wraps(call: ast.Call, site: Site, view: ModuleView) -> bool:
    """Whether what a call is handed runs under a deadline."""
    found = deadlines("wrappers").find(view.kind_of(call, site.frame).name, view.canonical)
    if found is not None:
        known = found[1]
        return given(call, {known.timeout: known.position}, (None,)) not in (Given.ABSENT, Given.NOTHING)
    told = any(each.arg and TELLING.search(each.arg) and not _is_nothing(each.value) for each in call.keywords)
    return told or bool(TELLING.search(_dotted(call.func)))


def _on_a_stack(function: ast.AST, site: Site, view: ModuleView) -> bool:
    for each in _calls(function):
        if last_word(each) in _STACKS and each.args and is_deadline(each.args[0], site, view):
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


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _dotted(node: ast.expr) -> str:
    """Return the words of a chain of attributes, with those of the calls in it: `self.limits.timeout`."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return _dotted(node.func)
    return node.id if isinstance(node, ast.Name) else ""
