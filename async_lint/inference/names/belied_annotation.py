"""A local name that a plain function uses as nothing of its annotation could be used.

Many a library has a synchronous and an asynchronous class of one name, and who imports the wrong one for an annotation
gets no error. What the function does with the value says which one is there:

    def read(self):
        client: Redis = self.client         `Redis` of `redis.asyncio`
        with client.lock("a"):              the lock of that one has no `__enter__`
            return decode(client.get("a"))
"""

import ast
import os
import sys
from collections.abc import Iterator, Sequence

from async_lint.inference.kinds.kinds import kind
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.arguments import of_call
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Module
from async_lint.inference.syntax.nodes import children, descendants
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.values import AsyncGenerator, Frame, Instance, Type

_AWAITED = (Kind.COROUTINE, Kind.AWAITABLE, Kind.ASYNC_GENERATOR)
_PASSED_OVER = ast.Expr | ast.Await | ast.Return | ast.withitem


def is_belied(evaluator: Evaluator, name: str, declared: Type, frame: Frame) -> bool:
    """Whether a plain function enters or iterates what would refuse it, and uses what it would have to await.

    One of the two alone may be a mistake in a function that means the asynchronous class.
    """
    function = frame.function
    if function is None or function.is_async or not isinstance(declared, Instance):
        return False
    if _is_own(evaluator, declared.cls.module):
        return False
    statements = body_of(function).statements
    if not any(_refuses(evaluator, declared, name, node, frame) for node in _headers(statements)):
        return False
    used = (
        part
        for statement in statements
        for node in descendants(statement)
        if not isinstance(node, _PASSED_OVER)
        for part in children(node)
    )
    given = (_called(evaluator, declared, part, name, frame) for part in used)
    return any(one is not None and kind(evaluator, one) in _AWAITED for one in given)


def _is_own(evaluator: Evaluator, module: Module) -> bool:
    """Whether there is no class of the same name that somebody may have taken it for."""
    if module.name.partition(".")[0] in sys.stdlib_module_names:
        return True
    return bool(module.path) and evaluator.library.is_inside(os.path.dirname(module.path))


def _headers(statements: Sequence[ast.stmt]) -> Iterator[ast.expr]:
    """Yield what plain `with` and `for` statements enter and iterate."""
    for statement in statements:
        for node in descendants(statement):
            if isinstance(node, ast.With):
                yield from (item.context_expr for item in node.items)
            elif isinstance(node, ast.For):
                yield node.iter


def _refuses(evaluator: Evaluator, declared: Instance, name: str, node: ast.expr, frame: Frame) -> bool:
    given = _called(evaluator, declared, node, name, frame)
    if isinstance(given, AsyncGenerator):
        return True
    if not isinstance(given, Instance) or evaluator.order(given.cls).missing:
        return False
    return any(evaluator.defines(given.cls, method) for method in ("__aenter__", "__aiter__")) and not any(
        evaluator.defines(given.cls, method) for method in ("__enter__", "__iter__", "__getitem__")
    )


def _called(evaluator: Evaluator, declared: Instance, node: ast.AST, name: str, frame: Frame) -> Type | None:
    """Return what `name.method(...)` gives if the annotation is right; None for another expression."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=called), attr=method)) if called == name:
            return evaluator.call(evaluator.attribute(declared, method), of_call(node, frame))
    return None
