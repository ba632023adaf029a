"""Calls that need the process's working directory: all tasks and threads share it, so none may come between."""

import ast
import re
from collections.abc import Iterator, Sequence

from async_lint.inference.face import Frame, ModuleView, Site

_CHANGES = re.compile(r"\bchdir\(")
_CHANGING = ("os.chdir", "contextlib.chdir")


def is_in_directory(call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether a call runs in a directory that its function has changed to, or changes to one itself.

    `around` are the nodes above the call, its function first.
    """
    changed = [*_entered(around), call.node.func]
    return any(_changes(one, call.frame, view) for one in changed) or _has_changed(around[0], call)


def _entered(around: Sequence[ast.AST]) -> Iterator[ast.expr]:
    """Yield what makes the managers that a call stands in."""
    for node in around:
        if isinstance(node, ast.With):
            for item in node.items:
                yield item.context_expr.func if isinstance(item.context_expr, ast.Call) else item.context_expr


def _changes(callee: ast.expr, frame: Frame, view: ModuleView) -> bool:
    name = view.names.name_of(callee, frame)
    if any(name in (public, view.names.canonical(public)) for public in _CHANGING):
        return True
    return _CHANGES.search(view.names.source_of(callee, frame)) is not None


def _has_changed(function: ast.AST, call: Site) -> bool:
    first = getattr(function, "lineno", call.node.lineno)
    return _CHANGES.search(call.frame.module.lines(first, call.node.lineno)) is not None
