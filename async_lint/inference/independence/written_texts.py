"""What an argument is: what was assigned to it, in the function or in the module, or an item of that."""

import ast
from collections.abc import Iterator

from async_lint.inference.names.aliases import bindings
from async_lint.inference.syntax.binding import How
from async_lint.inference.types.values import Frame

_ASSIGNED = (How.ASSIGN, How.AUGMENTED, How.DECLARE)


def written(argument: ast.expr, frame: Frame) -> Iterator[ast.expr]:
    """Yield the argument, what is assigned to its name, and to what that is an item of: `for t in TEXTS: run(t)`."""
    yield argument
    yield from assigned_values(argument, frame)
    for binding in bindings(argument.id, frame) if isinstance(argument, ast.Name) else ():
        if binding.how is How.ITERATE and binding.value is not None:
            yield from assigned_values(binding.value, frame)


def assigned_values(node: ast.expr, frame: Frame) -> Iterator[ast.expr]:
    """Yield what the function around, or else the module, assigns to a name."""
    for binding in bindings(node.id, frame) if isinstance(node, ast.Name) else ():
        if binding.how in _ASSIGNED and binding.value is not None:
            yield binding.value
