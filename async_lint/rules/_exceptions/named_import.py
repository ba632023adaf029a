"""Imports in a `try` that does more: an error that names each of them says what is missing."""

import re
import sys
from collections.abc import Iterator

import libcst as cst

from async_lint.rules._exceptions.handlers import Handler
from async_lint.rules._exceptions.quoted import words_told
from async_lint.rules._shared.names import own_nodes

_SHORT = 3  # letters, which stand in many a word


def names_imports(raised: cst.BaseExpression, handler: Handler, statement: cst.Try) -> bool:
    """Whether the new exception names all that a `try` imports, but for the standard library, which is always there.

    A package is named by itself, or by what is taken from it: `run` of `from tool.shell import run`.
    """
    text = words_told(raised, handler).lower().replace("-", "_")
    imports = [names for node in own_nodes(statement.body) for names in _imports(node)]
    asked = [names for names in imports if not names or names[0] not in sys.stdlib_module_names]
    return bool(asked) and all(any(_stands_in(text, name.lower()) for name in names) for names in asked)


def _imports(node: cst.CSTNode) -> Iterator[list[str]]:
    """Yield the names that each import of a statement may be called by, the package first.

    None for a module of the project itself: what that imports may be missing.
    """
    match node:
        case cst.Import(names=names):
            yield from (alias.evaluated_name.split(".") for alias in names)
        case cst.ImportFrom(module=cst.BaseExpression() as module, relative=[], names=names):
            taken = [] if isinstance(names, cst.ImportStar) else [alias.evaluated_name for alias in names]
            yield [*_dotted(module), *taken]
        case cst.ImportFrom():
            yield []


def _dotted(module: cst.BaseExpression) -> list[str]:
    match module:
        case cst.Attribute(value=value, attr=cst.Name(value=name)):
            return [*_dotted(value), name]
        case cst.Name(value=name):
            return [name]
    return []


def _stands_in(text: str, name: str) -> bool:
    around = r"(?<![a-z0-9])", r"(?![a-z0-9])"
    before, behind = around if len(name) <= _SHORT else ("", "")
    return re.search(f"{before}{re.escape(name)}{behind}", text) is not None
