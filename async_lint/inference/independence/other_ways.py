"""What else the code does with the same work: where it runs it together elsewhere, one after another is asked for.

The same is asked of statements in a row.

if parallel: found = await asyncio.gather(*(check(name) for name in names))
else: ...                                   the loop that stands here

if parallel: return await asyncio.gather(*(check(name) for name in names))
...                                         the loop that stands here
"""

import ast
from collections.abc import Iterable, Iterator, Sequence

from async_lint.inference.independence.iteration import Loop, body, inside
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import children, descendants

_TOGETHER = frozenset({"as_completed", "create_task", "ensure_future", "gather", "start_soon"})


def obstacle(loop: Loop, around: Sequence[ast.AST]) -> str:
    """Return as a clause what else speaks for one after another; empty where nothing does. `around` as in `gates`."""
    awaited = (node.value for node, _ in inside(body(loop)) if isinstance(node, ast.Await))
    reason = decided_elsewhere(loop, awaited, around)
    return reason or ("it waits only where something failed" if _only_on_failure(loop) else "")


def decided_elsewhere(node: Loop | ast.stmt, awaited: Iterable[ast.expr], around: Sequence[ast.AST]) -> str:
    """Return as a clause that the same calls run together under a test; empty where there is none.

    `node` is a loop or a statement, `awaited` what is awaited in it and beside it.
    """
    called = {last_name(value.func) for value in awaited if isinstance(value, ast.Call)} - {""}
    for test, block in _others(node, around):
        names = {last_name(part) for statement in block for part in descendants(statement)}
        if not names.isdisjoint(_TOGETHER) and not names.isdisjoint(called):
            return f"`{ast.unparse(test)}` decides whether they run together or, as here, in turn"
    return ""


def _only_on_failure(loop: Loop) -> bool:
    """Whether all that is awaited stands in handlers of exceptions: where nothing fails, nothing is waited for."""
    handlers = [node for node, _ in inside(body(loop)) if isinstance(node, ast.ExceptHandler)]
    within = {id(part) for handler in handlers for part in descendants(handler)}
    waits = (ast.Await, ast.AsyncFor, ast.AsyncWith)
    awaits = [node for node, _ in inside(body(loop)) if isinstance(node, waits) or getattr(node, "is_async", False)]
    return bool(awaits) and all(id(node) in within for node in awaits)


def _others(node: Loop | ast.stmt, around: Sequence[ast.AST]) -> Iterator[tuple[ast.expr, Sequence[ast.stmt]]]:
    """Yield the branches that are taken instead of a node, with their tests."""
    child: ast.AST = node
    for parent in reversed(around):
        if isinstance(parent, ast.If):
            yield parent.test, parent.body if child in parent.orelse else parent.orelse
        for statement in children(parent):
            match statement:
                case ast.If(test=test, body=[*_, ast.Return()] as block, orelse=[]):
                    if statement.lineno < getattr(child, "lineno", 0):
                        yield test, block
        child = parent
