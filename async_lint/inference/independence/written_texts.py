"""What an argument is: what was assigned to it, a constant of the module or an item of one."""

import ast
from collections.abc import Iterator

from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Binding, How
from async_lint.inference.types.values import Frame


def written(argument: ast.expr, frame: Frame) -> Iterator[ast.expr]:
    """Yield the argument, what is assigned to its name, and what the module binds to that or to what has it."""
    yield argument
    if not isinstance(argument, ast.Name):
        return
    yield from assigned_values(argument, frame)
    bound = _bound(argument, frame)
    of = [one.value for one in bound if one.how is How.ITERATE] if bound else [argument]
    for name in of:
        for binding in (frame.module.lookup(name.id) or ()) if isinstance(name, ast.Name) else ():
            if binding.value is not None:
                yield binding.value


def assigned_values(node: ast.expr, frame: Frame) -> list[ast.expr]:
    """Return what the function around assigns to a name."""
    bound = _bound(node, frame) if isinstance(node, ast.Name) else ()
    return [one.value for one in bound if one.how in (How.ASSIGN, How.AUGMENTED) and one.value is not None]


def _bound(name: ast.Name, frame: Frame) -> tuple[Binding, ...]:
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    return tuple(body_of(function).table.get(name.id, ())) if function is not None else ()
