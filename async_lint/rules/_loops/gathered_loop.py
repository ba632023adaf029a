"""The fix of ASL201: the awaits of a loop handed to `asyncio.gather`."""

import ast
import io
import tokenize
from collections.abc import Sequence
from typing import NamedTuple

from async_lint.context import Context
from async_lint.inference.face import Frame, Loop, Try, body_around, descendants, inside, outlives
from async_lint.model import Applicability, Fix, Position, Span
from async_lint.rules._shared.asyncio_import import Import, asyncio_import

_WIDTH = 88
# They see the scope that they are called in, which a generator expression changes.
_SCOPED = frozenset({"super", "locals", "vars", "dir", "eval", "exec"})
_NEED_PARENTHESES = (ast.IfExp, ast.Lambda, ast.NamedExpr, ast.Yield, ast.YieldFrom)


class _Gathered(NamedTuple):
    """`replaced` becomes `await gather(*(value clauses))`; `bare` where it becomes `await gather(*iterable)`."""

    replaced: Span
    value: ast.expr
    clauses: str
    bare: ast.expr | None = None


def gather(loop: Loop, frame: Frame, around: Sequence[ast.AST], context: Context) -> Fix | None:
    """Return the fix; None where the loop has another shape, or something would be lost."""
    found = _of_for(loop, around, context) if isinstance(loop, ast.For) else _of_comprehension(loop, context)
    if found is None or any(isinstance(each, ast.JoinedStr) for each in around):
        return None
    imported = asyncio_import(loop, frame, context)
    if imported is None or _has_comment(context.source.slice(found.replaced)):
        return None
    text = _text(found, imported, context)
    if _binds_tighter(loop, around[-1]):
        text = f"({text})"
    edits = (*imported.edits, context.replace(found.replaced, text))
    return Fix("Run the awaits together with `asyncio.gather`", edits, Applicability.UNSAFE)


def _of_for(loop: ast.For, around: Sequence[ast.AST], context: Context) -> _Gathered | None:
    span = context.source.span(loop)
    if not isinstance(loop.target, ast.Name) or len(loop.body) != 1:
        return None
    match loop.body[0]:
        case ast.Expr(value=ast.Await(value=value)):
            pass
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=out), attr="append"), args=[ast.Await(value=value)], keywords=[]
            )
        ):
            start = _empty_list_before(loop, out, around, context)
            if start is None:
                return None
            span = Span(start, span.end)
        case _:
            return None
    if not _movable([value]) or outlives(loop, body_around(around)):
        return None
    clauses = f"for {loop.target.id} in {_iterable(loop.iter, context)}"
    return _Gathered(span, value, clauses, loop.iter if _is_name(value, loop.target.id) else None)


def _of_comprehension(loop: Loop, context: Context) -> _Gathered | None:
    if not isinstance(loop, ast.ListComp) or not isinstance(loop.elt, ast.Await):
        return None
    if not all(isinstance(each.target, ast.Name) for each in loop.generators):
        return None
    others = [test for each in loop.generators for test in each.ifs] + [each.iter for each in loop.generators[1:]]
    if not _movable([loop.elt.value, *others]):
        return None
    source = context.source
    span = source.span(loop)
    inner = Span(source.span(loop.elt).end, Position(span.end.line, span.end.column - 1))
    clauses = source.slice(inner).strip()
    if not clauses.startswith("for"):
        return None
    first = loop.generators[0]
    plain = len(loop.generators) == 1 and not first.ifs and isinstance(first.target, ast.Name)
    bare = first.iter if plain and _is_name(loop.elt.value, getattr(first.target, "id", "")) else None
    return _Gathered(span, loop.elt.value, clauses, bare)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _movable(nodes: Sequence[ast.expr]) -> bool:
    """Whether the expressions mean the same in a generator expression."""
    for node, _ in inside(nodes):
        if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)):
            return False
        if isinstance(node, ast.Name) and node.id in _SCOPED:
            return False
    return True


def _empty_list_before(loop: ast.For, name: str, around: Sequence[ast.AST], context: Context) -> Position | None:
    """Return where the empty list starts that the statement right before the loop binds to `name`."""
    before = _statement_before(loop, around[-1])
    match before:
        case ast.Assign(targets=[ast.Name(id=target)], value=ast.List(elts=[]) as value):
            pass
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.List(elts=[]) as value):
            pass
        case _:
            return None
    if target != name or _is_needed_after_failure(name, around):
        return None
    start, end = context.source.span(value)
    gap = context.source.slice(Span(end, context.source.span(loop).start))
    return start if not gap.strip("; \t\f\r\n") else None


def _statement_before(loop: ast.For, parent: ast.AST) -> ast.stmt | None:
    for _, block in ast.iter_fields(parent):
        if isinstance(block, list) and loop in block:
            index = block.index(loop)
            found = block[index - 1] if index else None
            return found if isinstance(found, ast.stmt) else None
    return None


def _is_needed_after_failure(name: str, around: Sequence[ast.AST]) -> bool:
    """Whether a `try` around the loop lets somebody see the list as far as it came."""
    for node in around:
        if isinstance(node, Try):
            inner = {id(each) for statement in node.body for each in descendants(statement)}
            everywhere = (each for each in descendants(around[0]) if isinstance(each, ast.Name) and each.id == name)
            if any(id(each) not in inner for each in everywhere):
                return True
    return False


def _iterable(node: ast.expr, context: Context) -> str:
    text = context.source.slice(context.source.span(node))
    needs = isinstance(node, _NEED_PARENTHESES) or (isinstance(node, ast.Tuple) and not text.startswith("("))
    return f"({text})" if needs else text


def _text(found: _Gathered, imported: Import, context: Context) -> str:
    source = context.source
    start, end = found.replaced
    line = source.lines[start.line - 1]
    indent = line[: len(line) - len(line.lstrip(" \t\f"))]
    rest = len(source.lines[end.line - 1].rstrip("\r\n")) - end.column
    if found.bare is not None:
        iterable = source.slice(source.span(found.bare))
        if isinstance(found.bare, ast.Tuple) and not iterable.startswith("("):
            iterable = f"({iterable})"
        return f"await {imported.name}.gather(*{iterable})"
    value = source.slice(source.span(found.value))
    head = f"await {imported.name}.gather("
    line = f"{head}*({value} {found.clauses}))"
    if "\n" not in line and "\r" not in line and start.column + len(line) + rest <= _WIDTH:
        return line
    middle = f"{indent}    *({value} {found.clauses})"
    if "\n" not in middle and "\r" not in middle and len(middle) <= _WIDTH:
        return f"{head}\n{middle}\n{indent})"
    step = indent + "        "
    clauses = found.clauses
    lines = [each.strip() for each in clauses.splitlines()]
    if all(each.startswith(("for ", "if ")) for each in lines):
        clauses = f"\n{step}".join(lines)
    return f"{head}\n{indent}    *(\n{step}{value}\n{step}{clauses}\n{indent}    )\n{indent})"


def _binds_tighter(loop: Loop, parent: ast.AST) -> bool:
    """Whether what stands behind the comprehension would take the call alone: `[...][0]`."""
    if isinstance(loop, ast.For):
        return False
    if isinstance(parent, (ast.Attribute, ast.Subscript)):
        return parent.value is loop
    return isinstance(parent, ast.Await) or (isinstance(parent, ast.Call) and parent.func is loop)


def _has_comment(text: str) -> bool:
    if "#" not in text:
        return False
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return True
    return any(token.type == tokenize.COMMENT for token in tokens)
