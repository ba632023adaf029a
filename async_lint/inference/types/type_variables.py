"""Type variables: which ones a type holds, and what it is once they are known."""

from collections.abc import Mapping

from async_lint.inference.types.unions import join, options
from async_lint.inference.types.values import (
    Alias,
    AsyncGenerator,
    Callable,
    ClassOf,
    ClassType,
    Coroutine,
    External,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    ModuleType,
    NoneType,
    OverloadedType,
    PartialType,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
    unknown,
)

# These hold no type variables; the frame of a function knows of its own.
_CLOSED = frozenset({Unknown, External, NoneType, ModuleType, FunctionType, OverloadedType, Literal, LambdaType})
_NONE_FREE: frozenset[str] = frozenset()


def substitute(of: Type, mapping: Mapping[str, Type]) -> Type:
    """Replace type variables by name."""
    if not mapping or type(of) in _CLOSED:
        return of
    match of:
        case TypeVariable(name, bound):
            given = mapping.get(name, of)
            if isinstance(given, TypeVariable) and given.name == name:
                return of  # it stays open and keeps its bound: `self` has the class's own variables as arguments
            # An argument whose type is not known is still one that the bound allows.
            return bound if isinstance(given, Unknown) and bound is not None else given
        case Instance(cls, args) if args:
            return Instance(cls, tuple(substitute(arg, mapping) for arg in args))
        case ClassType(cls, args) if args:
            return ClassType(cls, tuple(substitute(arg, mapping) for arg in args))
        case TupleType(items):
            return TupleType(tuple(substitute(member, mapping) for member in items))
        case Union(items):
            return join([substitute(member, mapping) for member in items])
        case Callable(result, function, parameters):
            return Callable(
                substitute(result, mapping), function, tuple(substitute(parameter, mapping) for parameter in parameters)
            )
        case ClassOf(variable):
            return class_of(substitute(variable, mapping))
        case Coroutine(result, function):
            return Coroutine(substitute(result, mapping), function)
        case AsyncGenerator(item, function):
            return AsyncGenerator(substitute(item, mapping), function)
        case Alias(target, parameters):
            return Alias(substitute(target, mapping), parameters)
        case PartialType(function):
            return PartialType(substitute(function, mapping))
    return of


def class_of(instance: Type) -> Type:
    """Return the class that a value is an instance of: what `type[T]` says when T is the value."""
    match instance:
        case Instance(cls, args):
            return ClassType(cls, args)
        case External(name, True):
            return External(name)
        case TypeVariable():
            return ClassOf(instance)
        case Union(items):
            return join([class_of(item) for item in items])
    return unknown("a class that was not found")


def instance_of(receiver: Type) -> Type:
    """Return what `Self` is where `cls` or `self` is the receiver: the instance."""
    return Instance(receiver.cls, receiver.args) if isinstance(receiver, ClassType) else receiver


def rescoped(of: Type) -> frozenset[str]:
    """Return the type variables that calling the value decides: `F` of `Callable[[F], F]`."""
    names = [
        variables(parameter)
        for option in options(of)
        if isinstance(option, Callable)
        for parameter in option.parameters
    ]
    return frozenset().union(*names)


def variables(of: Type) -> frozenset[str]:
    """Return the names of the type variables in it."""
    if type(of) in _CLOSED:
        return _NONE_FREE
    match of:
        case TypeVariable(name):
            return frozenset({name})
        case Instance(_, items) | ClassType(_, items) | TupleType(items) | Union(items):
            return frozenset().union(*(variables(item) for item in items)) if items else frozenset()
        case ClassOf(TypeVariable(name)):
            return frozenset({name})
        case Callable(inner) | Coroutine(inner) | AsyncGenerator(inner) | Alias(inner) | PartialType(inner):
            return variables(inner)
    return frozenset()
