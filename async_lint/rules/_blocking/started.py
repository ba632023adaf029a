"""What a coroutine function has started in its loop, and not waited for, by the time that it makes a call."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from async_lint.inference.face import Frame, ModuleView, Site, descendants, last_name
from async_lint.rules._blocking.meanwhile import TOGETHER, last_line

# Awaited at once, they are over when the next statement runs.
_WHOLE = frozenset(["gather", "as_completed", "run_in_executor", "to_thread"])
_GROUPS = frozenset(["TaskGroup", "create_task_group", "open_nursery"])
_SITES = frozenset(["TCPSite", "UnixSite", "SockSite"])
# What a progress bar calls a task is a line on the screen.
_SHOWN, _BARS = "add_task", "rich.progress."
_DEEP = 3
_FOR_EVER = 1 << 30

# The lines from and to which something goes on.
_Lines = tuple[int, int]


def has_started(call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether something may go on beside the function around a call, which it or what it called has started.

    `around` are the nodes above the call, its function first. What is not found starts nothing.
    """
    last = last_line(call, around)
    if has_started_itself(call, around, view):
        return True
    return _helps_from(around[0], call.frame.enclosing_function() or call.frame, view) <= last


def has_started_itself(call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether the function around a call has started something by then that may still go on."""
    last = last_line(call, around)
    lines = _going_on_in(around[0], call.frame.enclosing_function() or call.frame, view)
    return any(first <= last <= end for first, end in lines)


@lru_cache(maxsize=1)
def _going_on_in(function: ast.AST, frame: Frame, view: ModuleView) -> tuple[_Lines, ...]:
    return tuple(_going_on(descendants(function), frame, view))


@lru_cache(maxsize=1)
def _helps_from(function: ast.AST, frame: Frame, view: ModuleView) -> int:
    """Return the first line on which a function calls one of the project that starts something."""
    calls = [node for node in descendants(function) if isinstance(node, ast.Call)]
    ordered = sorted(calls, key=lambda node: node.lineno)
    return next((node.lineno for node in ordered if _starts(node, frame, view, _DEEP)), _FOR_EVER)


def _starts(call: ast.Call, frame: Frame, view: ModuleView, deep: int) -> bool:
    """Whether a function of the project that is called leaves something behind that goes on."""
    body = view.project.body(call.func, frame)
    if body is None:
        # Of a class, any method may be the one that starts something.
        made = view.project.inside(call.func, frame) if last_name(call.func)[:1].isupper() else None
        return made is not None and any(
            end == _FOR_EVER for _, end in _going_on([node for node, _ in made], frame, view)
        )
    statements, inner = body
    nodes = [node for statement in statements for node in descendants(statement)]
    if any(end == _FOR_EVER for _, end in _going_on(nodes, inner, view)):
        return True
    return deep > 1 and any(_starts(node, inner, view, deep - 1) for node in nodes if isinstance(node, ast.Call))


def _going_on(nodes: Iterable[ast.AST], frame: Frame, view: ModuleView) -> Iterator[_Lines]:
    """Yield the lines from which something goes on, and to which: what is started in a group of tasks ends with it."""
    nodes = list(nodes)
    awaited = {id(node.value) for node in nodes if isinstance(node, ast.Await)}
    groups = [node for node in nodes if isinstance(node, ast.AsyncWith) and _is_group(node)]
    for node in nodes:
        if not isinstance(node, ast.Call) or not _starts_something(node, frame, view):
            continue
        if id(node) not in awaited or last_name(node.func) not in _WHOLE:
            ends = (group.end_lineno or 0 for group in groups if _is_in(node, group))
            yield node.lineno, next(ends, _FOR_EVER)


def _starts_something(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    name = last_name(call.func)
    if name == _SHOWN:
        return not (view.names.name_of(call.func, frame) or "").startswith(_BARS)
    return name in _SITES or TOGETHER.fullmatch(f"{name}(") is not None


def _is_group(block: ast.AsyncWith) -> bool:
    opened = (item.context_expr for item in block.items)
    return any(isinstance(one, ast.Call) and last_name(one.func) in _GROUPS for one in opened)


def _is_in(call: ast.Call, group: ast.AsyncWith) -> bool:
    """Whether a call opens a group of tasks, or starts something in that very group."""
    if any(item.context_expr is call for item in group.items):
        return True
    names = {item.optional_vars.id for item in group.items if isinstance(item.optional_vars, ast.Name)}
    match call.func:
        case ast.Attribute(value=ast.Name(id=name)):
            return name in names and group.lineno <= call.lineno <= (group.end_lineno or call.lineno)
    return False
