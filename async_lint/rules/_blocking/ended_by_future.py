"""Threads that are joined behind the `await` of a future which they were given: they have set it, and end."""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from async_lint.inference.face import BlockingPath, ModuleView, Site, descendants
from async_lint.rules._blocking.ended_by_loop import statement_before

_MAKES = "create_future"


def has_set_future(path: BlockingPath, call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether the statement before a `join`, or the last of the `try` whose `finally` it is, awaits such a future.

    `around` are the nodes above the call, its function first.
    """
    if path.hops or path.end.blocker.kind != "join" or not isinstance(call.node.func, ast.Attribute):
        return False
    threads = view.project.origins(call.node.func.value, call.frame)
    if not threads:
        return False
    for name in _awaited_before(around):
        made = view.project.origins(name, call.frame) or ()
        is_future = bool(made) and all(getattr(site.node.func, "attr", "") == _MAKES for site in made)
        if is_future and all(name.id in _given(thread.node) for thread in threads):
            return True
    return False


def _awaited_before(around: Sequence[ast.AST]) -> Iterator[ast.Name]:
    for block, inner in pairwise(around):
        if isinstance(block, ast.Try) and block.finalbody[:1] == [inner]:
            yield from _awaited(block.body[-1])
    before = statement_before(around)
    if before is not None:
        yield from _awaited(before)


def _awaited(statement: ast.stmt) -> Iterator[ast.Name]:
    match statement:
        case (
            ast.Expr(value=ast.Await(value=ast.Name() as name)) | ast.Assign(value=ast.Await(value=ast.Name() as name))
        ):
            yield name


def _given(thread: ast.Call) -> set[str]:
    return {node.id for node in descendants(thread) if isinstance(node, ast.Name)}
