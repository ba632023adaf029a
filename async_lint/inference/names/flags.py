"""Tests whose outcome a name holds: `is_async = iscoroutinefunction(work)`, and further down `if is_async:`."""

import ast
from collections.abc import Iterator

from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax import conditions
from async_lint.inference.syntax.binding import Body, How, dotted
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import Frame

_DEPTH = 3  # flags of flags


def facts(test: conditions.Test, frame: Frame, depth: int = _DEPTH) -> Iterator[conditions.Test]:
    """Split a condition as `conditions.facts` does; a flag stands for what it was given, too."""
    for fact in conditions.facts(test):
        yield fact
        if isinstance(fact.node, ast.Name) and depth > 0:
            value = _given(fact.node.id, frame)
            if value is not None:
                yield from facts(conditions.Test(value, fact.held), frame, depth - 1)


def _given(name: str, frame: Frame) -> ast.expr | None:
    """Return the one expression that a local name, in this function or around it, can be the value of."""
    scope = frame.enclosing_function()
    while scope is not None and scope.function is not None:
        body = body_of(scope.function)
        bindings = body.table.get(name, ())
        if bindings:
            [binding, *others] = bindings
            is_one = not others and binding.how is How.ASSIGN and not binding.path and name not in body.inner
            return binding.value if is_one and binding.value is not None and _holds(binding.value, body) else None
        scope = scope.parent.enclosing_function() if scope.parent is not None else None
    return None


def _holds(value: ast.expr, body: Body) -> bool:
    """Whether what was found out stays true: nothing that was asked about is replaced in the function."""
    for node in descendants(value):
        if isinstance(node, ast.Name) and (len(body.table.get(node.id, ())) > 1 or node.id in body.inner):
            return False
        if isinstance(node, ast.Attribute) and dotted(node) in body.stores:
            return False
    return True
