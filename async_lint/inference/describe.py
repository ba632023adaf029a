"""How messages and tables call a thing: its qualified name, its label, where it is defined."""

from typing import NamedTuple

from async_lint.inference.binding import Class, Function
from async_lint.inference.types import (
    AsyncGenerator,
    ClassMethod,
    ClassType,
    Coroutine,
    External,
    FunctionType,
    Instance,
    ModuleType,
    OverloadedType,
    PartialType,
    PropertyType,
    SpecialForm,
    StaticMethod,
    Type,
    Union,
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
        case Coroutine(_, Function() as function) | AsyncGenerator(_, Function() as function):
            return Description(function.full_name, _label(function), function)
        case Union(items):
            names = {describe(each).name for each in items}
            return describe(items[0]) if len(names) == 1 else Description()
    return Description()


def _label(function: Function) -> str:
    return function.qualname.rpartition(".<locals>.")[2]
