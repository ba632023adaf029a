"""What a list was filled with, where no type says it: `tasks = []`, then `tasks.append(...)`."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from async_lint.inference import kinds
from async_lint.inference.answer import Kind
from async_lint.inference.binding import Function
from async_lint.inference.nodes import descendants
from async_lint.inference.scope import Frame, function_scope
from async_lint.inference.summary import body_of
from async_lint.inference.types import Instance

if TYPE_CHECKING:
    from async_lint.inference.evaluator import Evaluator

_ADDING = frozenset({"add", "append", "appendleft"})
_COPIES = frozenset({"list", "tuple", "set", "frozenset"})
_FILLING = frozenset({"extend", "insert", "update"})


def holds_tasks(r: "Evaluator", iterable: ast.expr, frame: Frame) -> bool:
    """Whether everything that is seen to be put into a local list or set, or into one of `self`, is a task."""
    match iterable:
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in _COPIES:
            return holds_tasks(r, inner, frame)
        case ast.Call(func=ast.Attribute(value=inner, attr="copy"), args=[], keywords=[]):
            return holds_tasks(r, inner, frame)
        case ast.Name() if frame.function is not None:
            functions = [frame.function]
        case ast.Attribute(value=ast.Name() as of):
            owner = r.evaluate(of, frame)
            if not isinstance(owner, Instance) or frame.function is None or frame.function.owner is None:
                return False
            functions = [each for each in frame.module.functions if each.owner is frame.function.owner]
        case _:
            return False
    found = [kind for function in functions for kind in _added(r, function, ast.unparse(iterable))]
    return bool(found) and all(kind is Kind.TASK for kind in found)


def _added(r: "Evaluator", function: Function, collection: str) -> Iterator[Kind]:
    """Yield what is put into the collection in a function, as it is written there."""
    frame = function_scope(function)
    word = collection.rpartition(".")[2]
    for statement in body_of(function).statements:
        for node in descendants(statement):
            match node:
                case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args) if _is(value, word, collection):
                    if attr in _ADDING and len(args) == 1:
                        r.fresh()
                        yield kinds.kind(r, r.evaluate(args[0], frame))
                    elif attr in _FILLING:
                        yield Kind.UNKNOWN
                case ast.Assign(targets=targets, value=value) if any(_is(each, word, collection) for each in targets):
                    if not _is_empty(value):
                        yield Kind.UNKNOWN
                case ast.AnnAssign(target=target, value=value) if _is(target, word, collection):
                    if value is not None and not _is_empty(value):
                        yield Kind.UNKNOWN
                case ast.AugAssign(target=target, op=op) if _is(target, word, collection):
                    if not isinstance(op, ast.Sub):
                        yield Kind.UNKNOWN


def _is(node: ast.expr, word: str, collection: str) -> bool:
    last = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return last == word and ast.unparse(node) == collection


def _is_empty(value: ast.expr) -> bool:
    match value:
        case ast.List(elts=[]) | ast.Constant(value=None):
            return True
        case ast.Call(func=ast.Name(id="list" | "set" | "deque"), args=[], keywords=[]):
            return True
    return False
