"""The code that a function runs itself, up to a place in it: what it defines runs when others call it."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from async_lint.inference.face import Frame, Site, children, leaves

SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
Place = tuple[int, int]


def place(node: ast.AST) -> Place:
    """Return the line and the column of an expression, a statement or a handler."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def file_place(site: Site) -> tuple[str, int, int]:
    """Return where a call stands in the project."""
    return site.frame.module.path, *place(site.node)


def mentions(function: ast.AST, words: Iterable[str], frame: Frame) -> bool:
    """Whether the text of a function, which a frame belongs to, holds one of some words; cheap."""
    first: int = getattr(function, "lineno", 0)
    last: int = getattr(function, "end_lineno", None) or first
    return any(first <= line <= last for word in words for line in frame.module.lines_with(word))


def before(function: ast.AST, end: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions and statements of a function that may have run on the way to `end`, in the text's order."""
    for statement in getattr(function, "body", ()):
        yield from _from(statement, place(end))


def _from(node: ast.AST, end: Place) -> Iterator[ast.AST]:
    if place(node) >= end:
        return
    yield node
    if isinstance(node, SCOPES):
        return
    for child in children(node):
        if not _is_elsewhere(child, node, end):
            yield from _from(child, end)


def _is_elsewhere(child: ast.AST, parent: ast.AST, end: Place) -> bool:
    """Whether what runs a part of a statement does not come to `end`, which stands behind that part."""
    match parent:
        case ast.If(body=body, orelse=orelse):
            here, there = (body, orelse) if child in body else (orelse, body)
            return child is not parent.test and not _holds(here, end) and (leaves(here) or _holds(there, end))
        case ast.Try(handlers=handlers) if child in handlers:
            return not _holds([child], end)
    return False


def _holds(block: Sequence[ast.AST], end: Place) -> bool:
    if not block:
        return False
    last = block[-1]
    return place(block[0]) <= end <= (getattr(last, "end_lineno", 0), getattr(last, "end_col_offset", 0))
