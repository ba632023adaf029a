"""What assignment targets bind and set, and the expressions that a statement has of its own."""

import ast
from collections.abc import Iterator

from async_lint.inference.syntax.binding import dotted


def stored(target: ast.expr, path: tuple[int | None, ...] = ()) -> Iterator[tuple[str, tuple[int | None, ...]]]:
    """Yield each attribute that an assignment target sets, by its dotted name, with the path to its value."""
    if isinstance(target, ast.Attribute):
        name = dotted(target)
        if name:
            yield name, path
    elif isinstance(target, ast.Tuple | ast.List):
        for steps, element in unpacked(target):
            yield from stored(element, path + steps)


def own_expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield the expressions of a statement, not those of statements inside it."""
    for name in statement._fields:
        value = getattr(statement, name, None)
        if isinstance(value, ast.expr):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, ast.expr):
                    yield item
                elif isinstance(item, ast.withitem):
                    yield item.context_expr


def targets(target: ast.expr, path: tuple[int | None, ...] = ()) -> Iterator[tuple[str, tuple[int | None, ...]]]:
    """Yield each name that an assignment target binds, with the path that leads to its value."""
    if type(target) is ast.Name:
        yield target.id, path
    elif isinstance(target, ast.Tuple | ast.List):
        for steps, element in unpacked(target):
            yield from targets(element, path + steps)


def unpacked(target: ast.Tuple | ast.List) -> Iterator[tuple[tuple[int | None], ast.expr]]:
    """Yield the elements of an unpacking target; behind a star they are counted from the end."""
    starred = False
    for index, element in enumerate(target.elts):
        if isinstance(element, ast.Starred):
            starred = True
            yield (None,), element.value
        else:
            yield (index - len(target.elts) if starred else index,), element
