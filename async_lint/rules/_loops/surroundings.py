"""What stands around a loop: what its rewriting may rely on, and what it must not break."""

import ast
from collections.abc import Sequence
from itertools import chain, pairwise

from async_lint.context import Context
from async_lint.inference.face import Try, descendants, last_name, suppresses
from async_lint.model import Position, Span
from async_lint.rules._loops.loop_shape import Collected, Gatherable, Shape
from async_lint.rules._loops.used_names import used_names

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# What a group of exceptions is, and what leaves a task group as it is.
_CATCH_GROUPS = frozenset({"Exception", "BaseException", "ExceptionGroup", "BaseExceptionGroup"})
_BARE = frozenset({"CancelledError", "KeyboardInterrupt", "SystemExit"})
# They end a cancellation of their own, which goes through a group as it is.
_IN_TIME = frozenset({"move_on_after", "move_on_at"})
_DEADLINES = _IN_TIME | {"fail_after", "fail_at", "timeout", "timeout_at"}
_EMPTY = {Collected.LIST: "list", Collected.SET: "set", Collected.DICT: "dict"}


def replaced(loop: Gatherable, shape: Shape, around: Sequence[ast.AST], context: Context) -> Span | None:
    """Return what the rewriting replaces: of a loop that fills a collection, from the empty one that it begins with.

    None where that does not stand right before the loop, or somebody sees it as far as it came.
    """
    span = context.source.span(loop)
    if not shape.out or not isinstance(loop, ast.For):
        return span
    before = statement_before(loop, around[-1])
    match before:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == shape.out:
            pass
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name == shape.out:
            pass
        case _:
            return None
    if not _is_empty(value, shape.collected) or _is_seen(shape.out, loop, around):
        return None
    start, end = context.source.span(value)
    # A comment between the two would be lost.
    gap = context.source.slice(Span(end, span.start))
    return Span(start, span.end) if not gap.strip("; \t\f\r\n") else None


def statement_before(loop: ast.For, parent: ast.AST) -> ast.stmt | None:
    for _, block in ast.iter_fields(parent):
        if isinstance(block, list) and loop in block:
            index = block.index(loop)
            before = block[index - 1] if index else None
            return before if isinstance(before, ast.stmt) else None
    return None


def _is_empty(value: ast.expr, collected: Collected) -> bool:
    match value:
        case ast.List(elts=[]):
            return collected is Collected.LIST
        case ast.Dict(keys=[]):
            return collected is Collected.DICT
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            return _EMPTY.get(collected) == name
    return False


def _is_seen(name: str, loop: ast.For, around: Sequence[ast.AST]) -> bool:
    """Whether somebody may see the collection as far as it came: who catches what fails, or a function made before."""
    names = used_names(around[0])
    for node in around:
        if isinstance(node, Try) or (isinstance(node, ast.With | ast.AsyncWith) and _keeps_back(node)):
            inner = {id(descendant) for statement in node.body for descendant in descendants(statement)}
            if any(id(use) not in inner for use in names.uses.get(name, ())):
                return True
    return names.captured.get(name, loop.lineno) < loop.lineno


def _keeps_back(node: ast.With | ast.AsyncWith, but: frozenset[str] = frozenset()) -> bool:
    """Whether one of the managers may keep back an exception, by its name; those `but` do something else."""
    managers = [item.context_expr for item in node.items]
    callees = [manager.func if isinstance(manager, ast.Call) else manager for manager in managers]
    return any(suppresses(callee) and last_name(callee) not in but for callee in callees)


def catches_one(loop: Gatherable, around: Sequence[ast.AST]) -> bool:
    """Whether something around the loop catches the exception of an item, and would miss a group of such."""
    for node, child in pairwise([*around, loop]):
        if isinstance(node, ast.Try) and child in node.body and not all(map(_catches_groups, node.handlers)):
            return True
        if isinstance(node, ast.With | ast.AsyncWith) and _keeps_back(node, _IN_TIME):
            return True
    return False


def is_in_time(around: Sequence[ast.AST]) -> bool:
    """Whether a deadline around the loop keeps the later items from being begun, by its name."""
    managers = (
        item.context_expr for node in around if isinstance(node, ast.With | ast.AsyncWith) for item in node.items
    )
    return any(isinstance(call, ast.Call) and last_name(call.func) in _DEADLINES for call in managers)


def _catches_groups(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {last_name(kind) if kind is not None else "BaseException" for kind in kinds}
    return names <= _BARE or not _CATCH_GROUPS.isdisjoint(names)


def place_before(loop: Gatherable, shape: Shape, around: Sequence[ast.AST], context: Context) -> Position | None:
    """Return where statements can go that the loop's own statement needs, at the start of a line; None where none can.

    That is above the empty collection that it fills. A comprehension in another, in a lambda or in the header of a
    compound statement has no such place.
    """
    statement = next(node for node in (loop, *reversed(around)) if isinstance(node, ast.stmt))
    if any(isinstance(node, (*_COMPREHENSIONS, ast.Lambda)) for node in around):
        return None
    if loop is not statement and hasattr(statement, "body"):
        return None
    if shape.out and isinstance(loop, ast.For):
        statement = statement_before(loop, around[-1]) or statement
    column = context.source.span(statement).start.column
    prefix = context.source.lines[statement.lineno - 1][:column]
    return Position(statement.lineno, 0) if not prefix.strip() else None


def comes_first(loop: Gatherable, around: Sequence[ast.AST]) -> bool:
    """Whether the loop is what its statement evaluates first, and always, names and constants aside."""
    return all(
        isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case) or _evaluates_first(node, child)
        for node, child in pairwise([*around, loop])
    )


def _evaluates_first(node: ast.AST, child: ast.AST) -> bool:
    match node:
        # What stands left of a `=` is evaluated after the value.
        case ast.Assign() | ast.AnnAssign() | ast.Return() | ast.Expr() | ast.Await() | ast.UnaryOp() | ast.Starred():
            return True
        case ast.Attribute() | ast.keyword():
            return True
        case ast.Subscript(value=value, slice=key):
            return child is value or (child is key and _is_plain(value))
        case ast.BinOp(left=left, right=right):
            return child is left or (child is right and _is_plain(left))
        case ast.Compare(left=left):
            return child is left
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return _is_first_of(child, parts)
        case ast.Call(func=func, args=args, keywords=keywords):
            return child is func or (_is_plain(func) and _is_first_of(child, list(chain(args, keywords))))
    return False


def _is_first_of(child: ast.AST, parts: Sequence[ast.AST]) -> bool:
    before = parts[: [id(part) for part in parts].index(id(child))]
    return all(_is_plain(part.value if isinstance(part, ast.keyword) else part) for part in before)


def _is_plain(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return _is_plain(node.value)
    return isinstance(node, ast.Name | ast.Constant)
