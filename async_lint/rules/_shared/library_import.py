"""By what name a function can use `asyncio`, and the import where the module has none."""

import ast
import re
from typing import NamedTuple

from async_lint.context import Context
from async_lint.inference.face import Frame, descendants
from async_lint.model import Edit, Position

# Their tasks are not asyncio's, or not for certain.
_OTHER_LOOPS = re.compile(r"^[ \t]*(?:from|import)\s+(?:anyio|trio|curio)\b", re.MULTILINE)


class Import(NamedTuple):
    """`name` is what `asyncio` is called here; `edits` import it."""

    name: str
    edits: tuple[Edit, ...] = ()


def asyncio_import(node: ast.expr | ast.stmt, frame: Frame, context: Context) -> Import | None:
    """Return how `asyncio` is reached at `node`; None where the name is taken, or the tasks may not be asyncio's."""
    source = context.source
    if _OTHER_LOOPS.search(source.text):
        return None
    for statement in source.tree.body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name == "asyncio":
                    name = alias.asname or alias.name
                    load = ast.copy_location(ast.Name(name, ast.Load()), node)
                    return Import(name) if context.view.names.name_of(load, frame) == "asyncio" else None
    if re.search(r"\basyncio\b", source.text):
        bindings = (binding for binding in descendants(source.tree) if _binds_asyncio(binding))
        if next(bindings, None) is not None:
            return None
    place = _place(source.tree, source.lines)
    if place is None:
        return None
    position, text = place
    return Import("asyncio", (context.insert(position, text),))


def _binds_asyncio(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="asyncio") | ast.arg(arg="asyncio") | ast.alias(asname="asyncio"):
            return True
        case ast.alias(name=name, asname=None):
            return name.partition(".")[0] == "asyncio"
        case ast.FunctionDef(name="asyncio") | ast.AsyncFunctionDef(name="asyncio") | ast.ClassDef(name="asyncio"):
            return True
    return False


def _place(tree: ast.Module, lines: list[str]) -> tuple[Position, str] | None:
    """Return where `import asyncio` goes: before the first import, or behind the docstring and `__future__`."""
    last: ast.stmt | None = None
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            last = statement
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            return (Position(statement.lineno, 0), "import asyncio\n") if statement.col_offset == 0 else None
        elif statement is tree.body[0] and _is_docstring(statement):
            last = statement
    if last is None:
        first = tree.body[0].lineno if tree.body else 1
        decorators = getattr(tree.body[0], "decorator_list", None) if tree.body else None
        first = decorators[0].lineno if decorators else first
        return Position(first, 0), "import asyncio\n\n"
    end = last.end_lineno or last.lineno
    if end >= len(lines) or lines[end - 1].rstrip().endswith(";"):
        return None
    following = next((other for other in tree.body if other is not last and other.lineno >= end), None)
    if following is not None and following.lineno == end:
        return None
    return Position(end + 1, 0), "\nimport asyncio\n"


def _is_docstring(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant):
        return False
    return isinstance(statement.value.value, str)
