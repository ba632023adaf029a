"""What else the code does with the same work: where it runs it together elsewhere, one after another is asked for.

if parallel: found = await asyncio.gather(*(check(name) for name in names))
else: ...                                   the loop that stands here

if parallel: return await asyncio.gather(*(check(name) for name in names))
...                                         the loop that stands here
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.independence.iteration import Loop, body, inside
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import children, descendants

_TOGETHER = frozenset({"as_completed", "create_task", "ensure_future", "gather", "start_soon"})


def obstacle(loop: Loop, around: Sequence[ast.AST]) -> str:
    """Return as a clause what else speaks for one after another; empty where nothing does. `around` as in `gates`."""
    test = _runs_together_elsewhere(loop, around)
    if test is not None:
        return f"`{ast.unparse(test)}` decides whether they run together or, as here, in turn"
    return "it waits only where something failed" if _only_on_failure(loop) else ""


def _runs_together_elsewhere(loop: Loop, around: Sequence[ast.AST]) -> ast.expr | None:
    """Return the test under which the same calls run together; None where there is none."""
    called = {last_name(node.value.func) for node in _awaits(loop) if isinstance(node.value, ast.Call)} - {""}
    for test, block in _others(loop, around):
        names = {last_name(node) for statement in block for node in descendants(statement)}
        if not names.isdisjoint(_TOGETHER) and not names.isdisjoint(called):
            return test
    return None


def _only_on_failure(loop: Loop) -> bool:
    """Whether all that is awaited stands in handlers of exceptions: where nothing fails, nothing is waited for."""
    handlers = [node for node, _ in inside(body(loop)) if isinstance(node, ast.ExceptHandler)]
    within = {id(part) for handler in handlers for part in descendants(handler)}
    waits = (ast.Await, ast.AsyncFor, ast.AsyncWith)
    awaits = [node for node, _ in inside(body(loop)) if isinstance(node, waits) or getattr(node, "is_async", False)]
    return bool(awaits) and all(id(node) in within for node in awaits)


def _awaits(loop: Loop) -> Iterator[ast.Await]:
    return (node for node, _ in inside(body(loop)) if isinstance(node, ast.Await))


def _others(loop: Loop, around: Sequence[ast.AST]) -> Iterator[tuple[ast.expr, Sequence[ast.stmt]]]:
    """Yield the branches that are taken instead of the loop, with their tests."""
    child: ast.AST = loop
    for parent in reversed(around):
        if isinstance(parent, ast.If):
            yield parent.test, parent.body if child in parent.orelse else parent.orelse
        for statement in children(parent):
            match statement:
                case ast.If(test=test, body=[*_, ast.Return()] as block, orelse=[]):
                    if statement.lineno < getattr(child, "lineno", 0):
                        yield test, block
        child = parent
