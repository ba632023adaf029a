"""Context managers that cancel the task which entered them: deadlines, cancel scopes, groups of tasks."""

import ast
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Site, cited

_DEEP = 3
_DEADLINE = "when its time is over, it cancels the task that iterates, wherever that is then, and no TimeoutError comes"
_GROUP = "when a task in it fails, it cancels the code that iterates, and the error comes out where nobody waits for it"
_SCOPE = "it covers what the code that iterates does between two items, and cancels that"
# https://docs.python.org/3/library/asyncio-task.html#timeouts and #task-groups, https://pypi.org/project/async-timeout,
# https://anyio.readthedocs.io/en/stable/cancellation.html, https://trio.readthedocs.io/en/stable/reference-core.html
_SCOPES: Mapping[str, str] = {
    **dict.fromkeys(
        ("asyncio.timeout", "asyncio.timeout_at", "async_timeout.timeout", "async_timeout.timeout_at"), _DEADLINE
    ),
    **dict.fromkeys(("asyncio.TaskGroup", "anyio.create_task_group", "trio.open_nursery"), _GROUP),
    **{
        f"{library}.{name}": _SCOPE
        for library in ("anyio", "trio")
        for name in ("CancelScope", "fail_after", "fail_at", "move_on_after", "move_on_at")
    },
}
_WORDS = frozenset(name.rpartition(".")[2] for name in _SCOPES)


class CancelScope(NamedTuple):
    """`label` is how a message calls it, `cancels` a clause that says what it does while a generator is suspended."""

    label: str
    cancels: str


def scope_of(manager: ast.expr, frame: Frame, view: ModuleView) -> CancelScope | None:
    """Return what entering `manager` puts the task under; None where that is nothing of the kind, or unknown."""
    return _scope(manager, frame, view, _DEEP)


def _scope(manager: ast.expr, frame: Frame, view: ModuleView, depth: int) -> CancelScope | None:
    if isinstance(manager, ast.Call):
        return _of_call(Site(manager, frame), view, depth)
    sites = view.project.origins(manager, frame) or () if isinstance(manager, ast.Name | ast.Attribute) else ()
    return _of_call(sites[0], view, depth) if len(sites) == 1 else None


def _of_call(site: Site, view: ModuleView, depth: int) -> CancelScope | None:
    callee, frame = site.node.func, site.frame
    word = view.names.last_word(callee, frame)
    if word in _WORDS:
        name = view.names.name_of(callee, frame)
        for public, cancels in _SCOPES.items():
            if public.endswith(f".{word}") and name in (public, view.names.canonical(public)):
                return None if _is_without_limit(site.node, cancels) else CancelScope(f"`{public}`", cancels)
    return _of_manager(site, view, depth - 1) if depth else None


def _is_without_limit(call: ast.Call, cancels: str) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return cancels is _DEADLINE and any(isinstance(value, ast.Constant) and value.value is None for value in given)


def _of_manager(site: Site, view: ModuleView, depth: int) -> CancelScope | None:
    """Return the scope that a function in sight enters around its own `yield`, as a context manager."""
    nodes = view.project.inside(site.node.func, site.frame) or ()
    inner = nodes[0][1].enclosing_function() if nodes else None
    if inner is None or inner.function is None:
        return None
    if not inner.function.is_generator:
        given = view.project.results(site) or ()
        made = [_of_call(Site(call, frame), view, depth) for call, frame in given if isinstance(call, ast.Call)]
        return made[0] if len(made) == len(given) == 1 else None
    for node, frame in nodes:
        if isinstance(node, ast.Yield) and frame.enclosing_function() is inner:
            for outer, child in pairwise([*(view.project.above(node, inner) or ()), node]):
                if isinstance(outer, ast.With | ast.AsyncWith) and child in outer.body:
                    for item in outer.items:
                        found = _scope(item.context_expr, inner, view, depth)
                        if found is not None:
                            return found._replace(label=_within(inner, outer, found))
    return None


def _within(frame: Frame, block: ast.With | ast.AsyncWith, found: CancelScope) -> str:
    assert frame.function is not None
    place = cited(frame.module.path, block.lineno)
    return f"{found.label} of `{frame.function.name}` ({place})" if "(" not in found.label else found.label
