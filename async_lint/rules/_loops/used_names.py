"""How the names of a function are used in it."""

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from async_lint.inference.face import descendants

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class UsedNames(NamedTuple):
    """`declared` are global or nonlocal; `captured` has the line of the first inner scope that uses a name."""

    uses: Mapping[str, list[ast.Name]]
    declared: frozenset[str]
    captured: Mapping[str, int]


# A function is asked about for each of its loops.
@lru_cache(maxsize=1)
def used_names(function: ast.AST) -> UsedNames:
    uses: dict[str, list[ast.Name]] = {}
    declared: set[str] = set()
    captured: dict[str, int] = {}
    for node in descendants(function):
        match node:
            case ast.Name(id=name):
                uses.setdefault(name, []).append(node)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                declared.update(names)
    for line, name in _nested(function):
        captured[name] = min(line, captured.get(name, line))
    return UsedNames(uses, frozenset(declared), captured)


def _nested(node: ast.AST) -> Iterator[tuple[int, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _SCOPES):
            yield from ((child.lineno, name.id) for name in descendants(child) if isinstance(name, ast.Name))
        else:
            yield from _nested(child)
