"""A function that is annotated to give one class, and makes another one in a `return` statement."""

import ast
from collections.abc import Iterable, Iterator

from async_lint.inference.kinds.kinds import is_protocol
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, How
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import ClassType, Instance, Type


def with_made(evaluator: Evaluator, function: Function, declared: Type) -> Type:
    """Return what a function is declared to give, joined with what else it makes in sight.

    Only a class with coroutine functions is worth the look into a body.
    """
    if not is_decided(declared) or function.module.is_stub or function.is_generator:
        return declared
    assert isinstance(declared, Instance)
    if not any(base.cls.has_coroutine_functions() for base in evaluator.order(declared.cls).bases):
        return declared
    return join([declared, *unrelated(evaluator, declared, _made(evaluator, function))])


def is_decided(declared: Type) -> bool:
    return isinstance(declared, Instance) and not is_protocol(declared.cls)


def unrelated(evaluator: Evaluator, declared: Type, others: Iterable[Type]) -> Iterator[Type]:
    """Yield those of `others` whose class is neither an heir nor a base of the declared one."""
    assert isinstance(declared, Instance)
    for other in others:
        if not isinstance(other, Instance) or evaluator.order(other.cls).missing or is_protocol(other.cls):
            continue
        if not evaluator.is_subclass(other.cls, declared.cls) and not evaluator.is_subclass(declared.cls, other.cls):
            yield other


def _made(evaluator: Evaluator, function: Function) -> Iterator[Type]:
    """Yield instances of the project's classes that the function calls for what it returns."""
    frame = function_scope(function)
    for value in body_of(function).returns:
        for source in _sources(value, function):
            cls = evaluator.evaluate(source.func, frame) if isinstance(source, ast.Call) else None
            if isinstance(cls, ClassType) and cls.cls.module.path:
                yield Instance(cls.cls)


def _sources(value: ast.expr | None, function: Function) -> Iterator[ast.expr | None]:
    """Yield what a returned expression stands for: where it is a local name, what that is bound to."""
    if not isinstance(value, ast.Name):
        yield value
        return
    for binding in body_of(function).table.get(value.id, ()):
        if binding.how is How.ASSIGN and not binding.path:
            yield binding.value
