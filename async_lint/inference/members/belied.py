"""Annotated attributes of which the code around them says that they may be something else."""

import ast
import re
from collections.abc import Iterator
from itertools import chain

from async_lint.inference.calls.belied_return import is_decided, unrelated
from async_lint.inference.names import mentions
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function, Module, dotted
from async_lint.inference.types.unions import join, options
from async_lint.inference.types.values import (
    ClassType,
    Frame,
    FunctionType,
    Instance,
    PropertyType,
    TupleType,
    Type,
    Union,
)


def with_others(evaluator: Evaluator, receiver: Type, cls: Class, name: str, declared: Type) -> Type:
    """Return what an attribute of `cls` is declared to be, joined with what its modules ask whether it is.

    `isinstance(self.stack, Other)`, with a class that has nothing to do with the declared one, tells of values that the
    annotation leaves out. What an heir asks in another module is said of the heirs there alone.
    """
    if not is_decided(declared) or not cls.module.path or cls.module.is_stub:
        return declared
    others: list[Type] = []
    pattern = rf"isinstance\(\s*self\.{re.escape(name)}\s*,"
    modules = {module.path: module for module in (cls.module, *_of_heir(receiver))}.values()
    for node, frame in chain.from_iterable(mentions.nodes(module, pattern) for module in modules):
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[asked, classes]) if dotted(asked) == f"self.{name}":
                owner = _owner(frame)
                if owner is not None and evaluator.is_subclass(owner, cls):
                    others += unrelated(evaluator, declared, _instances(evaluator.evaluate(classes, frame)))
    return join([declared, *others])


def _of_heir(receiver: Type) -> tuple[Module, ...]:
    return (receiver.cls.module,) if isinstance(receiver, Instance) and receiver.cls.module.path else ()


def with_returned(evaluator: Evaluator, member: PropertyType, declared: Type) -> Type:
    """Return what a property is declared to give, joined with what else its body gives."""
    getter = member.getter
    if not is_decided(declared) or not isinstance(getter, FunctionType):
        return declared
    function = getter.function
    if function.module.is_stub or function.node.returns is None or function.is_generator:
        return declared
    return join([declared, *unrelated(evaluator, declared, options(evaluator.inferred_return(function)))])


def _owner(frame: Frame) -> Class | None:
    """Return the class of the method that a frame is in."""
    around = frame.enclosing_function()
    function: Function | None = around.function if around is not None else None
    while function is not None and function.owner is None:
        function = function.outer
    return function.owner if function is not None else None


def _instances(classes: Type) -> Iterator[Type]:
    for cls in classes.items if isinstance(classes, TupleType | Union) else (classes,):
        if isinstance(cls, ClassType):
            yield Instance(cls.cls, cls.args)
