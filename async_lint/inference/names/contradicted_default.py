"""A parameter whose default is not what its annotation says."""

import ast

from async_lint.inference.kinds import kinds
from async_lint.inference.names.parameter_default import default
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.values import Callable, FunctionType, Type


def contradicts_default(evaluator: Evaluator, function: Function, node: ast.arg, declared: Type) -> bool:
    """Whether a callable that is said to give an awaitable is by default one that does not."""
    if not isinstance(declared, Callable) or kinds.kind(evaluator, declared.result) not in (
        Kind.COROUTINE,
        Kind.AWAITABLE,
    ):
        return False
    # `on_close: Callable[[], Awaitable[None]] = print`: who leaves it out has nothing to await.
    given = default(evaluator, FunctionType(function), node.arg)
    if given is None:
        return False
    return (
        kinds.kind(
            evaluator, evaluator.returned(evaluator.evaluate(given, evaluator.definition_frame(function)), None, None)
        )
        is Kind.VALUE
    )
