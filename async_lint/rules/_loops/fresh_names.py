"""Names for what a fix adds to a function."""

import ast
from collections.abc import Set
from functools import lru_cache

from async_lint.inference.face import descendants


def fresh(base: str, function: ast.AST, owner: ast.AST | None = None) -> str:
    """Return `base`, or `base` with a number: a name that nothing in the function uses, not even as a global.

    Two owners in the function get two names, one the same again: its fixes may be made in one go. What has no owner is
    a comprehension's own.
    """
    if owner is None:
        return _numbered(base, _names(function))
    given = _given(function)
    if (base, owner) not in given:
        given[base, owner] = _numbered(base, _names(function) | set(given.values()))
    return given[base, owner]


def _numbered(base: str, taken: Set[str]) -> str:
    number, name = 2, base
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


# One and the same for all loops of a function, so that each gets other names.
@lru_cache(maxsize=1)
def _given(function: ast.AST) -> dict[tuple[str, ast.AST], str]:
    return {}


@lru_cache(maxsize=1)
def _names(function: ast.AST) -> frozenset[str]:
    names: set[str] = set()
    for node in descendants(function):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case ast.MatchMapping(rest=str(name)):
                names.add(name)
            case ast.alias(name=name, asname=asname):
                names.add(asname or name.partition(".")[0])
            case ast.Global(names=declared) | ast.Nonlocal(names=declared):
                names.update(declared)
    return frozenset(names)
