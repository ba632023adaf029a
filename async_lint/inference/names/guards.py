"""Functions that tests call: what a `TypeGuard` promises, and which functions ask whether something is awaitable."""

import ast

from async_lint.inference.kinds.kinds import kind
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, dotted, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.values import Callable, FunctionType, Type

ASK_FOR_AWAITABLE = frozenset(
    {"iscoroutinefunction", "isawaitable", "iscoroutine", "isfuture", "isasyncgenfunction", "isasyncgen", "callable"}
)
_AWAITED = (Kind.COROUTINE, Kind.AWAITABLE)
_DEPTH = 3  # predicates that hand the question on


def guarded(evaluator: Evaluator, guard: Type) -> Type | None:
    """Return what a function annotated `-> TypeGuard[X]` says of its argument when it is true; None for another."""
    returns = guard.function.node.returns if isinstance(guard, FunctionType) else None
    if isinstance(guard, FunctionType) and isinstance(returns, ast.Subscript):
        if dotted(returns.value).rpartition(".")[2] in ("TypeGuard", "TypeIs"):
            return evaluator.annotation(returns.slice, evaluator.definition_frame(guard.function))
    return None


def asks(evaluator: Evaluator, guard: Type) -> bool:
    """Whether a function asks of its argument whether it is, or gives, something to await."""
    promised = guarded(evaluator, guard)
    if promised is not None:
        given = promised.result if isinstance(promised, Callable) else promised
        return kind(evaluator, given) in _AWAITED
    return isinstance(guard, FunctionType) and _asks(evaluator, guard.function, _DEPTH)


def _asks(evaluator: Evaluator, function: Function, depth: int) -> bool:
    if function.module.is_stub or function.is_async:
        return False
    parameters = {arg.arg for arg in (*function.node.args.posonlyargs, *function.node.args.args)}
    for statement in body_of(function).statements:
        for node in descendants(statement):
            match node:
                case ast.Call(func=called, args=[ast.Name(id=name), *_]) if name in parameters:
                    if last_name(called) in ASK_FOR_AWAITABLE - {"callable"}:
                        return True
                    further = evaluator.evaluate(called, evaluator.function_scope(function)) if depth > 0 else None
                    if isinstance(further, FunctionType) and _asks(evaluator, further.function, depth - 1):
                        return True
    return False
