"""The remedy for a resource that is not closed on every path: a `with` around all that follows it in its block."""

import ast
from collections.abc import Sequence

from async_lint.context import Context
from async_lint.model import Applicability, Fix, Position, Span
from async_lint.rules._resources.opened import Opened
from async_lint.rules._shared.layout import layout_of

_AWAIT = " await"


def entering(resource: Opened, context: Context) -> Fix:
    """Return the fix for what nothing closes: edits that put the rest of its block under a `with`, or else words."""
    return _around_the_rest(resource, context) or advice(resource)


def advice(resource: Opened) -> Fix:
    """Return in words what closes a resource on every path."""
    entered = resource.closable.entered.removesuffix(_AWAIT)
    title = f"Open it by `{entered}`, which closes it on every way out" if entered else "Close it in a `finally`"
    return Fix(title, (), Applicability.DISPLAY)


def _around_the_rest(resource: Opened, context: Context) -> Fix | None:
    statement, entered = resource.statement, resource.closable.entered
    block = _block(statement, resource.tree.parents[id(statement)])
    rest = block[block.index(statement) + 1 :]
    if (
        not entered
        or resource.closable.starts
        or not rest
        or not isinstance(statement, ast.Assign)
        or resource.closable.part is not None
    ):
        return None
    if statement.value is not resource.value or not context.slice.exact or not _are_all_below(resource, rest):
        return None
    # A generator that is not read to its end would hold it for longer; a long string would change.
    if any(
        isinstance(node, ast.Yield | ast.YieldFrom) or _is_long_string(node) for one in rest for node in ast.walk(one)
    ):
        return None
    source = context.source
    lines = source.lines
    first, last = statement.end_lineno or statement.lineno, rest[-1].end_lineno or rest[-1].lineno
    # What shares a line with it, or stands in parentheses, is left as it is.
    around = lines[statement.lineno - 1][: source.span(statement).start.column], rest[0].lineno
    if around[0].strip() or around[1] <= first or _is_parenthesized(resource, context):
        return None
    call = source.span(resource.call)
    unit = layout_of(resource.tree.function, context).unit
    edits = [
        context.replace(Span(source.span(statement).start, call.start), f"{entered} "),
        context.insert(call.end, f" as {resource.name}:"),
    ]
    for number in range(first + 1, last + 1):
        if lines[number - 1].strip():
            edits.append(context.insert(Position(number, 0), unit))
    title = f"Open it by `{entered.removesuffix(_AWAIT)}`, around what follows in the block"
    return Fix(title, tuple(edits), Applicability.UNSAFE)


def _block(statement: ast.stmt, parent: ast.AST) -> list[ast.stmt]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return [statement]


def _are_all_below(resource: Opened, rest: Sequence[ast.stmt]) -> bool:
    """Whether the resource's name stands nowhere but in the rest of its block, and is bound once."""
    inside = {id(node) for one in rest for node in ast.walk(one)}
    others = [node for node in resource.tree.names[resource.name] if id(node) not in inside]
    bound = [node for node in resource.tree.names[resource.name] if not isinstance(node.ctx, ast.Load)]
    return len(others) == 1 and len(bound) == 1


def _is_long_string(node: ast.AST) -> bool:
    text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
    return text and getattr(node, "lineno", 0) != getattr(node, "end_lineno", 0)


def _is_parenthesized(resource: Opened, context: Context) -> bool:
    """Whether more stands on the way from the name to the call, or behind that, than `= await` and a comment."""
    source = context.source
    span, call = source.span(resource.statement), source.span(resource.call)
    before = source.slice(Span(span.start, call.start)).split()
    expected = [resource.name, "=", *(["await"] if resource.closable.awaited else [])]
    return before != expected or span.end != call.end
