"""The fix that closes an async generator where its loop ends: `async with contextlib.aclosing(...)` around it."""

import ast

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame
from async_lint.model import Applicability, Fix
from async_lint.rules._loops.fresh_names import fresh
from async_lint.rules._shared.indentation import under_header
from async_lint.rules._shared.library_import import Import, library_import

_SINCE = (3, 10)
_TITLE = "Iterate in `async with contextlib.aclosing(...)`"


def closing_fix(node: cst.For, loop: ast.AsyncFor, function: ast.AST, frame: Frame, context: Context) -> Fix | None:
    """Return the fix: edits where the loop can be indented; None in Pythons without `aclosing`."""
    if context.target_version < _SINCE:
        return None
    advice = Fix(_TITLE, (), Applicability.DISPLAY)
    aclosing = _aclosing(loop.iter, frame, context)
    if aclosing is None or not context.slice.exact:
        return advice
    iterated = context.outer_span(node.iter)
    code = context.source.slice(iterated)
    if isinstance(loop.iter, ast.Name):
        moved = under_header(f"async with {aclosing.name}({code}):", context.span(node), context)
        edits = (*aclosing.edits, *moved) if moved is not None else ()
    else:
        name = fresh("items", function, loop)
        header = f"async with {aclosing.name}({code}) as {name}:"
        moved = under_header(header, context.span(node), context, replaced=iterated)
        edits = (*aclosing.edits, *moved, context.replace(iterated, name)) if moved is not None else ()
    return Fix(_TITLE, edits, Applicability.UNSAFE) if edits else advice


def _aclosing(node: ast.expr, frame: Frame, context: Context) -> Import | None:
    """Return how `aclosing` is reached at `node`."""
    for statement in context.source.tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "contextlib":
            for alias in statement.names:
                if alias.name == "aclosing":
                    return Import(alias.asname or alias.name)
    library = library_import("contextlib", node, frame, context)
    return library._replace(name=f"{library.name}.aclosing") if library is not None else None
