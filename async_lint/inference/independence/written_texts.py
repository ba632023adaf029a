"""What an argument is, where it was assigned, or is a constant of the module or an item of one: `for q in QUERIES: run(q)`."""

import ast
from collections.abc import Iterator

from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import How
from async_lint.inference.types.values import Frame


def written(argument: ast.expr, frame: Frame) -> Iterator[ast.expr]:
    """Yield the argument, what is assigned to its name, and what the module binds to that or to what it is an item of."""
    yield argument
    if not isinstance(argument, ast.Name):
        return
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    bound = body_of(function).table.get(argument.id, ()) if function is not None else ()
    for one in bound:
        if one.how in (How.ASSIGN, How.AUGMENTED) and one.value is not None:
            yield one.value
    of = [one.value for one in bound if one.how is How.ITERATE] if bound else [argument]
    for name in of:
        for binding in (frame.module.lookup(name.id) or ()) if isinstance(name, ast.Name) else ():
            if binding.value is not None:
                yield binding.value
