"""How messages and tables call a thing: its qualified name, its label, where it is defined."""

from typing import NamedTuple

from async_lint.inference.syntax.binding import Class, Function
from async_lint.inference.types.values import (
    Alias,
    AsyncGenerator,
    Callable,
    ClassMethod,
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
    PropertyType,
    SpecialForm,
    StaticMethod,
    SuperType,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
)


class Description(NamedTuple):
    """`name` is qualified, `label` is for messages; `definition` is where it was defined."""

    name: str | None = None
    label: str | None = None
    definition: Function | Class | None = None


def describe(of: Type) -> Description:
    match of:
        case FunctionType(function):
            return Description(function.full_name, _label(function), function)
        case OverloadedType(items):
            return describe(items[0])
        case ClassType(cls) | Instance(cls):
            return Description(cls.full_name, cls.qualname, cls)
        case External(name):
            return Description(name, name)
        case ModuleType(name):
            return Description(name, name)
        case SpecialForm(name):
            return Description(f"typing.{name}", name)
        case PartialType(function) | PropertyType(function) | StaticMethod(function) | ClassMethod(function):
            return describe(function)
        case Callable(_, Function() as function):
            return Description(function.full_name, _label(function), function)
        case Coroutine(_, Function() as function) | AsyncGenerator(_, Function() as function):
            return Description(function.full_name, _label(function), function)
        case Union(items):
            # The branches of a version check or a `try` may define one name twice: it is still called that.
            names = {describe(item).name for item in items}
            return describe(items[0]) if len(names) == 1 else Description()
    return Description()


def show(of: Type) -> str:
    """Return a type for `--explain-call`: "instance of `aiohttp.client.ClientSession`"."""
    match of:
        case Unknown(reason):
            return f"unknown: {reason}" if reason else "unknown"
        case External(name, instance):
            return f"{'instance of ' if instance else ''}`{name}`, which was not found"
        case NoneType():
            return "None"
        case Instance(cls, args):
            return f"instance of `{_public(cls)}`" + (f" of ({'), ('.join(map(show, args))})" if args else "")
        case ClassType(cls):
            return f"class `{_public(cls)}`"
        case ClassOf(variable):
            return f"class of ({show(variable)})"
        case FunctionType(function, bound):
            kind = "coroutine function" if function.is_async else "function"
            return f"{'bound ' if bound is not None else ''}{kind} `{function.full_name}`"
        case OverloadedType(items):
            return f"overloaded {show(items[0])}"
        case Coroutine(result):
            return f"coroutine of ({show(result)})"
        case AsyncGenerator(item):
            return f"async generator of ({show(item)})"
        case ModuleType(name):
            return f"module `{name}`"
        case TupleType(items):
            return f"tuple of ({', '.join(map(show, items))})"
        case Callable(result):
            return f"callable that returns ({show(result)})"
        case TypeVariable(name):
            return f"type variable `{name}`"
        case Literal(value):
            return repr(value)
        case Union(items):
            return " or ".join(map(show, items))
        case LambdaType():
            return "lambda"
        case PropertyType(inner) | StaticMethod(inner) | ClassMethod(inner) | PartialType(inner) | Alias(inner):
            return f"{type(of).__name__} of ({show(inner)})"
        case SuperType(cls):
            return f"super() of `{cls.full_name}`"
        case SpecialForm(name):
            return f"`typing.{name}`"


def _public(cls: Class) -> str:
    return cls.full_name.removeprefix("builtins.")


def _label(function: Function) -> str:
    # The code beside it calls a nested function by its own name.
    return function.qualname.rpartition(".<locals>.")[2]
