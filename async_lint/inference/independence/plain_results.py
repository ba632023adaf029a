"""What plain functions give to who awaits them: something to wait for, or a future that is done already.

def close(self):
    self._wire.close()
    done = self._loop.create_future()
    done.set_result(None)
    return done                         nothing to wait for
def load(self, name):
    return self._pool.submit(name)      nobody knows
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.independence.callees import definitions
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function
from async_lint.inference.syntax.nodes import blocks
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame

_ENDING = frozenset({"set_exception", "set_result"})
_DEPTH = 3  # functions below one another that are read


def may_be_waited_for(evaluator: Evaluator, function: Function, depth: int = _DEPTH) -> bool:
    """Whether a plain function may give something to wait for; what a coroutine function waits for is read in it."""
    if function.is_async:
        return False
    # A decorator may put something else in its place.
    if function.node.decorator_list or function.is_generator or depth == 0:
        return True
    frame = function_scope(function)
    return not all(
        returned.value is None or _is_done(evaluator, returned.value, before, frame, depth)
        for returned, before in _returns(function.whole().body)
    )


def _is_done(evaluator: Evaluator, value: ast.expr, before: Sequence[ast.stmt], frame: Frame, depth: int) -> bool:
    match value:
        case ast.Constant(value=None):
            return True
        case ast.Name(id=name):
            return any(_ends(statement, name) for statement in before)
        case ast.Call(func=func):
            called = definitions(evaluator, func, frame)
            return bool(called) and not any(
                one.is_async or may_be_waited_for(evaluator, one, depth - 1) for one in called
            )
    return False


def _ends(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=future), attr=attr))):
            return future == name and attr in _ENDING
    return False


def _returns(block: Sequence[ast.stmt]) -> Iterator[tuple[ast.Return, Sequence[ast.stmt]]]:
    """Yield each `return` below, with the statements of its block that stand before it."""
    for at, statement in enumerate(block):
        if isinstance(statement, ast.Return):
            yield statement, block[:at]
        elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for inner in blocks(statement):
                yield from _returns(inner)
