"""Threads that are joined behind a loop over what they give: when that ends, they are about to."""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from async_lint.inference.face import BlockingPath, Frame, ModuleView, Site, descendants, last_name

_STEPS = 4
# What is there before the thread has begun.
_COLLECTIONS = frozenset(["deque", "dict", "enumerate", "frozenset", "list", "range", "set", "sorted", "tuple", "zip"])

_Place = tuple[str, int, int]


def has_ended_loop(path: BlockingPath, call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether the loop right before a `join` goes over an object that the thread was given, a stream or a queue.

    `around` are the nodes above the call, its function first.
    """
    if path.hops or path.end.blocker.kind != "join" or not isinstance(call.node.func, ast.Attribute):
        return False
    loop = statement_before(around)
    if not isinstance(loop, ast.For) or any(isinstance(node, ast.Break) for node in descendants(loop)):
        return False
    iterated = set(_made_in(loop.iter, call.frame, view))
    threads = list(_values(call.node.func.value, call.frame, view, _STEPS))
    return bool(threads) and all(
        isinstance(thread, ast.Call) and not iterated.isdisjoint(_given(thread, frame, view))
        for thread, frame in threads
    )


def statement_before(around: Sequence[ast.AST]) -> ast.stmt | None:
    """Return the statement that stands right before the one that the last of `around` is, or belongs to."""
    for block, statement in reversed(list(pairwise(around))):
        if isinstance(statement, ast.stmt):
            before = (one for one, following in pairwise(getattr(block, "body", [])) if following is statement)
            return next(before, None)
    return None


def _given(thread: ast.Call, frame: Frame, view: ModuleView) -> Iterator[_Place]:
    """Yield where the objects are made that a thread gets, in a dictionary of arguments too."""
    for value in [*thread.args, *(keyword.value for keyword in thread.keywords)]:
        yield from _made_in(value, frame, view)
        for known, inner in _values(value, frame, view, _STEPS):
            yield from _made_in(known, inner, view)


def _made_in(expression: ast.expr, frame: Frame, view: ModuleView) -> Iterator[_Place]:
    for name in (node for node in descendants(expression) if isinstance(node, ast.Name)):
        for made, inner in _values(name, frame, view, _STEPS):
            if isinstance(made, ast.Call) and last_name(made.func) not in _COLLECTIONS:
                yield inner.module.path, made.lineno, made.col_offset


def _values(expression: ast.expr, frame: Frame, view: ModuleView, steps: int) -> Iterator[tuple[ast.expr, Frame]]:
    """Yield what a name stands for, through other names and arguments of calls."""
    found = view.project.sources(expression, frame)
    if not found.seen or steps == 0:
        yield expression, frame
    for value, inner in found.seen if steps else ():
        yield from _values(value, inner, view, steps - 1)
