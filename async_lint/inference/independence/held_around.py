"""What lets in one at a time, or a few, and is held around a loop or a row of statements.

async with self._lock:                 held in its body; so is `self._locks[key]`
try: ... finally: lock.release()       held in the `try`
async with self._lock:
    await wait_for(run(), 5)           held in `run`, a function of the same function, if it is awaited nowhere else
"""

import ast
from collections.abc import Iterable, Sequence

from async_lint.inference.independence.words import names_any, those, words
from async_lint.inference.project.above import above
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import function_scope

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def held_by(node: ast.AST) -> ast.expr | None:
    """Return what is held inside of a statement, if it is one of these."""
    match node:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return next((item.context_expr for item in items if _guards(item.context_expr)), None)
        case ast.Try(finalbody=last):
            return _released(last)
    return None


def held_where_awaited(function: Function) -> ast.expr | None:
    """Return what the function around a nested one holds wherever it awaits that; None if it does not everywhere."""
    outer = function.outer
    if outer is None or function.owner is not None:
        return None
    uses = [
        node
        for node in descendants(outer.whole())
        if isinstance(node, ast.Name) and node.id == function.name and isinstance(node.ctx, ast.Load)
    ]
    held = [_held_at(above(use, function_scope(outer)) or ()) for use in uses]
    return held[0] if held and all(held) else None


def _held_at(around: Sequence[ast.AST]) -> ast.expr | None:
    """Return what is held around a call that is awaited; `around` are the nodes above its name, the function first."""
    inner = around[1:]
    if not inner or not isinstance(inner[-1], ast.Call) or any(isinstance(node, _SCOPES) for node in inner):
        return None
    awaits = [at for at, node in enumerate(inner) if isinstance(node, ast.Await)]
    return next(filter(None, map(held_by, inner[: awaits[-1]])), None) if awaits else None


def _released(block: Iterable[ast.stmt]) -> ast.expr | None:
    """Return what a block lets others in to: `lock` of `lock.release()`."""
    for node in (node for statement in block for node in descendants(statement)):
        match node:
            case ast.Call(func=ast.Attribute(value=guard, attr="release")) if names_any(guard, "guards"):
                return guard
    return None


def _guards(manager: ast.expr) -> bool:
    match manager:
        case ast.Call(func=called):
            return names_any(called, "guards")
        case ast.Subscript(value=kept):
            return any(word.removesuffix("s") in those("guards") for word in words(last_name(kept)))
    return names_any(manager, "guards")
