"""By what name a function can use an asynchronous library, and the import where the module has none."""

import ast
import re
import sys
from typing import NamedTuple

from async_lint.context import Context
from async_lint.inference.face import Frame, descendants
from async_lint.model import Edit, Position

_OTHER_LOOPS = ("anyio", "trio", "curio", "twisted")


class Import(NamedTuple):
    """`name` is what the library is called here; `edits` import it."""

    name: str
    edits: tuple[Edit, ...] = ()


def asyncio_import(node: ast.expr | ast.stmt, frame: Frame, context: Context) -> Import | None:
    """Return how `asyncio` is reached at `node`; None where the name is taken, or the tasks may not be asyncio's."""
    # Their tasks are not asyncio's, or not for certain.
    if any(imports(library, context) for library in _OTHER_LOOPS):
        return None
    reached = library_import("asyncio", node, frame, context)
    # A file that names none of them runs on what most of the others run on.
    return None if reached is not None and reached.edits and _runs_elsewhere(context) else reached


def _runs_elsewhere(context: Context) -> bool:
    importers = context.view.project.importers
    return max(map(importers, _OTHER_LOOPS)) > importers("asyncio")


def imports(library: str, context: Context) -> bool:
    """Whether some line of the file imports a library, or something from it."""
    return re.search(rf"^[ \t]*(?:from|import)\s+{library}\b", context.source.text, re.MULTILINE) is not None


def library_import(library: str, node: ast.expr | ast.stmt, frame: Frame, context: Context) -> Import | None:
    """Return how a library is reached at `node`; None where the name is taken."""
    source = context.source
    for statement in source.tree.body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name == library or (alias.asname is None and alias.name.startswith(f"{library}.")):
                    name = alias.asname or library
                    load = ast.copy_location(ast.Name(name, ast.Load()), node)
                    return Import(name) if context.view.names.name_of(load, frame) == library else None
    if re.search(rf"\b{library}\b", source.text):
        bindings = (binding for binding in descendants(source.tree) if _binds(library, binding))
        if next(bindings, None) is not None:
            return None
    place = _place(library, source.tree, source.lines)
    if place is None:
        return None
    position, text = place
    return Import(library, (context.insert(position, text),))


def _binds(library: str, node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.alias(asname=str(name)):
            return name == library
        case ast.alias(name=name, asname=None):
            return name.partition(".")[0] == library
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name == library
    return False


def _place(library: str, tree: ast.Module, lines: list[str]) -> tuple[Position, str] | None:
    """Return where the import goes: before the first import, or behind the docstring and `__future__`."""
    last: ast.stmt | None = None
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            last = statement
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            if statement.col_offset:
                return None
            # Libraries stand in groups: that of the interpreter's own comes first.
            gap = "" if _is_standard(statement) == (library in sys.stdlib_module_names) else "\n"
            return Position(statement.lineno, 0), f"import {library}\n{gap}"
        elif statement is tree.body[0] and _is_docstring(statement):
            last = statement
    if last is None:
        first = tree.body[0].lineno if tree.body else 1
        decorators = getattr(tree.body[0], "decorator_list", None) if tree.body else None
        first = decorators[0].lineno if decorators else first
        return Position(first, 0), f"import {library}\n\n"
    end = last.end_lineno or last.lineno
    if end >= len(lines) or lines[end - 1].rstrip().endswith(";"):
        return None
    following = next((other for other in tree.body if other is not last and other.lineno >= end), None)
    if following is not None and following.lineno == end:
        return None
    return Position(end + 1, 0), f"\nimport {library}\n"


def _is_standard(statement: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(statement, ast.ImportFrom):
        module = "" if statement.level else statement.module or ""
    else:
        module = statement.names[0].name
    return module.partition(".")[0] in sys.stdlib_module_names


def _is_docstring(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant):
        return False
    return isinstance(statement.value.value, str)
