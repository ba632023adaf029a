"""Another name for a thing: an import `as`, or a local name that is bound to it."""

import ast
from collections.abc import Sequence

from async_lint.inference.binding import Binding, How
from async_lint.inference.scope import Frame
from async_lint.inference.summary import body_of

_DEPTH = 3


def bindings(name: str, frame: Frame) -> Sequence[Binding]:
    """Return what binds a name in the function around it, or else in the module."""
    scope = frame.enclosing_function()
    own = body_of(scope.function).table.get(name) if scope is not None and scope.function is not None else None
    return own or frame.module.lookup(name) or ()


def last_word(callee: ast.expr, frame: Frame, depth: int = _DEPTH) -> str:
    """Return the last word of what a name stands for: `starmap` for `f` after `from itertools import starmap as f`.

    A name that is bound in one way only is looked up; others stand for themselves.
    """
    if not isinstance(callee, ast.Name):
        return callee.attr if isinstance(callee, ast.Attribute) else ""
    found = bindings(callee.id, frame) if depth else ()
    if len(found) == 1 and not found[0].path:
        how, value = found[0].how, found[0].value
        if how is How.IMPORT_FROM:
            return found[0].name
        if how is How.ASSIGN and isinstance(value, ast.Name | ast.Attribute):
            return last_word(value, frame, depth - 1)
    return callee.id
