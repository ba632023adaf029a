"""Guards of a function that give back what is there already: what waits behind them seldom has to.

if key in self._pages: return self._pages[key]
page = self._pages.get(key)
if page is not None: return page
"""

import ast
from collections.abc import Sequence

from async_lint.inference.independence.sharing import Sharing
from async_lint.inference.syntax.binding import dotted
from async_lint.inference.syntax.nodes import descendants


def gives_what_is_kept(statement: ast.stmt, before: Sequence[ast.stmt], sharing: Sharing) -> bool:
    """Whether a statement returns what is kept between calls, if it is there; `before` are those above it."""
    match statement:
        case ast.If(test=test, body=[*_, ast.Return(value=ast.expr() as given)], orelse=[]):
            found = dict(_found(test, before))
            return not _kept(test, found, sharing).isdisjoint(_kept(given, found, sharing))
    return False


def _found(test: ast.expr, before: Sequence[ast.stmt]) -> list[tuple[str, ast.expr]]:
    """Return the names that are bound in the test or above it, with their values."""
    assigned = [
        (statement.targets[0].id, statement.value)
        for statement in before
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    ]
    walrus = [(node.target.id, node.value) for node in descendants(test) if isinstance(node, ast.NamedExpr)]
    return [*assigned, *walrus]


def _kept(node: ast.expr, found: dict[str, ast.expr], sharing: Sharing) -> set[str]:
    """Return what a node reads of what another call of the function has, too, be it by a name for it."""
    parts = [node, *(found[part.id] for part in descendants(node) if isinstance(part, ast.Name) and part.id in found)]
    return {
        dotted(part)
        for value in parts
        for part in descendants(value)
        if isinstance(part, ast.Attribute | ast.Name) and _is_kept(part, sharing)
    }


def _is_kept(part: ast.Attribute | ast.Name, sharing: Sharing) -> bool:
    first, _, rest = dotted(part).partition(".")
    if first == sharing.receiver:
        # What each item keeps for itself is not there when it is asked for the first time.
        return bool(rest) and not sharing.is_own
    # A class or a function of the module is no store.
    return isinstance(part, ast.Name) and sharing.is_shared(part) and first.isupper()
