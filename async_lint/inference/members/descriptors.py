"""Attributes that a class works out: what its `__get__` or `__getattr__` is annotated to give."""

import ast
from collections.abc import Iterable

from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.arguments import NO_ARGUMENTS
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function, last_name
from async_lint.inference.types.class_order import Base
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import FunctionType, Instance, NoneType, OverloadedType, Type, Unknown, unknown


def read(evaluator: Evaluator, descriptor: Instance) -> Type:
    """Return what a descriptor gives when it is read on an instance."""
    method = evaluator.attribute(descriptor, "__get__")
    overloads = method.items if isinstance(method, OverloadedType) else (method,)
    given = [
        evaluator.call(overload, NO_ARGUMENTS)
        for overload in overloads
        if _annotated(overload) and not _is_of_class(evaluator, overload)
    ]
    value = join(given) if given else unknown("a descriptor decides what it is")
    return unknown("a descriptor decides what it is") if isinstance(value, Unknown) else value


def worked_out(evaluator: Evaluator, of: Instance, name: str) -> Type:
    """Return what `__getattr__` gives for an attribute that nothing else defines."""
    method = evaluator.attribute(of, "__getattr__")
    value = evaluator.call(method, NO_ARGUMENTS) if _annotated(method) else unknown("")
    return unknown(f"`{of.cls.name}.__getattr__` decides what `{name}` is") if isinstance(value, Unknown) else value


def intercepts(bases: Iterable[Base]) -> Class | None:
    """Return the class whose `__getattribute__` decides what every attribute is: it gives other things than it has."""
    for base in bases:
        # In stubs, `object` and modules have one that gives what they have.
        bindings = () if base.cls.module.is_stub else base.cls.table.get("__getattribute__", ())
        if bindings:
            last = bindings[-1].definition
            return None if isinstance(last, Function) and _gives_what_it_has(last) else base.cls
    return None


def _gives_what_it_has(method: Function) -> bool:
    """Whether a `__getattribute__` ends in the one that it overrides, whatever else it does."""
    returns = body_of(method).returns
    return bool(returns) and all(
        isinstance(value, ast.Call) and last_name(value.func) == "__getattribute__" for value in returns
    )


def _annotated(method: Type) -> bool:
    return isinstance(method, FunctionType) and method.function.node.returns is not None


def _is_of_class(evaluator: Evaluator, method: Type) -> bool:
    """Whether an overload of `__get__` is for a look at the class itself: `instance` is None."""
    if not isinstance(method, FunctionType):
        return False
    plain = [*method.function.node.args.posonlyargs, *method.function.node.args.args]
    annotation = plain[1].annotation if len(plain) > 1 else None
    frame = evaluator.definition_frame(method.function)
    return annotation is not None and isinstance(evaluator.annotation(annotation, frame), NoneType)
