"""What an expression can be. Plain frozen values; a means to a kind, not a type system."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from async_lint.inference.syntax.binding import Class, Function

if TYPE_CHECKING:
    import ast

    from async_lint.inference.types.scope import Frame


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known. `reason` is a clause for `--explain-call`; two unknowns are equal whatever their reasons."""

    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class External:
    """Something of a module that was not found: its qualified name as imports and constructors tell."""

    name: str
    instance: bool = False


@dataclass(frozen=True, slots=True)
class NoneType:
    """None."""


@dataclass(frozen=True, slots=True)
class ModuleType:
    name: str
    importer: str = ""  # the import root that its submodules are searched in first


@dataclass(frozen=True, slots=True)
class ClassType:
    """The class itself; `args` are its type arguments where it was subscripted."""

    cls: Class
    args: "tuple[Type, ...]" = ()


@dataclass(frozen=True, slots=True)
class ClassOf:
    """`type[T]`: the class of what a type variable stands for."""

    of: "TypeVariable"


@dataclass(frozen=True, slots=True)
class Instance:
    cls: Class
    args: "tuple[Type, ...]" = ()


@dataclass(frozen=True, slots=True)
class TupleType:
    """A tuple of known length."""

    items: "tuple[Type, ...]"


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function; `bound` is the receiver of a bound method, `frame` the scope a nested function closes over."""

    function: Function
    bound: "Type | None" = None
    frame: "Frame | None" = None


@dataclass(frozen=True, slots=True)
class LambdaType:
    node: "ast.Lambda"
    frame: "Frame"


@dataclass(frozen=True, slots=True)
class OverloadedType:
    """The overloads of a function, and the function itself where its source is there."""

    items: "tuple[FunctionType, ...]"
    implementation: "FunctionType | None" = None


@dataclass(frozen=True, slots=True)
class Callable:
    """Something that is known by what calling it returns (`Callable[..., T]`).

    `function` is what it stands for, where a decorator made it: `@asynccontextmanager`. `parameters` are those of
    `Callable[[A, B], T]`; they do not tell two of them apart.
    """

    result: "Type"
    function: Function | None = field(default=None, compare=False)
    parameters: "tuple[Type, ...]" = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class PartialType:
    """`functools.partial(function, ...)`."""

    function: "Type"


@dataclass(frozen=True, slots=True)
class PropertyType:
    getter: "Type"


@dataclass(frozen=True, slots=True)
class StaticMethod:
    function: "Type"


@dataclass(frozen=True, slots=True)
class ClassMethod:
    function: "Type"


@dataclass(frozen=True, slots=True)
class SuperType:
    cls: Class
    receiver: "Type"


@dataclass(frozen=True, slots=True)
class Coroutine:
    """What calling a coroutine function returns. `result` is what awaiting it gives."""

    result: "Type"
    function: Function | None = None


@dataclass(frozen=True, slots=True)
class AsyncGenerator:
    item: "Type"
    function: Function | None = None


@dataclass(frozen=True, slots=True)
class TypeVariable:
    name: str
    bound: "Type | None" = None


@dataclass(frozen=True, slots=True)
class SpecialForm:
    """A name of `typing` that is no class: `Optional`, `Callable`, `Self`."""

    name: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A type written as a value: `Handler = Callable[[], Awaitable[T]]`, with the variables it stands open in."""

    target: "Type"
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Literal:
    """A string or number whose value is known; `type` is its class's instance."""

    value: str | int  # or a bool, which is an int
    type: "Type"


@dataclass(frozen=True, slots=True)
class Union:
    items: "tuple[Type, ...]"


Type = (
    Unknown
    | External
    | NoneType
    | ModuleType
    | ClassType
    | ClassOf
    | Instance
    | TupleType
    | FunctionType
    | LambdaType
    | OverloadedType
    | Callable
    | PartialType
    | PropertyType
    | StaticMethod
    | ClassMethod
    | SuperType
    | Coroutine
    | AsyncGenerator
    | TypeVariable
    | SpecialForm
    | Alias
    | Literal
    | Union
)

UNKNOWN = Unknown()
NONE = NoneType()
NOTHING_YET = Unknown("nothing says what an empty container will hold")  # known by identity
_LIMIT = 12  # a union of more says nothing
_LIMIT_OF_CALLABLES = 60  # a table of handlers says that each is a coroutine function


# These hold no type variables; the frame of a function knows of its own.
_CLOSED = frozenset({Unknown, External, NoneType, ModuleType, FunctionType, OverloadedType, Literal, LambdaType})
_NONE_FREE: frozenset[str] = frozenset()


def unknown(reason: str) -> Unknown:
    return Unknown(reason)


def join(types: Iterable[Type]) -> Type:
    """Return the union; one unknown member makes it unknown, for a guess is no answer."""
    types = list(types)
    if len(types) == 1 and not isinstance(types[0], Literal):
        return types[0]
    found: dict[Type, None] = {}
    for each in types:
        if isinstance(each, Unknown):
            return each
        if isinstance(each, Union):
            found.update(dict.fromkeys(each.items))
        elif isinstance(each, Literal):
            found[each.type] = None
        else:
            found[each] = None
    if not found:
        return UNKNOWN
    if len(found) == 1:
        return next(iter(found))
    limit = _LIMIT_OF_CALLABLES if all(isinstance(each, FunctionType | Coroutine) for each in found) else _LIMIT
    return Union(tuple(found)) if len(found) <= limit else unknown("it may be too many things")


def options(of: Type) -> tuple[Type, ...]:
    """Return the members of a union without None, which has no attributes worth a look; else the type itself."""
    if isinstance(of, Union):
        return tuple(each for each in of.items if not isinstance(each, NoneType))
    return (of,)


def without_none(of: Type) -> Type:
    return join(options(of)) if isinstance(of, Union) else of


def substitute(of: Type, mapping: Mapping[str, Type]) -> Type:
    """Replace type variables by name."""
    if not mapping or type(of) in _CLOSED:
        return of
    match of:
        case TypeVariable(name, bound):
            given = mapping.get(name, of)
            if isinstance(given, TypeVariable) and given.name == name:
                return of  # it stays open and keeps its bound: `self` has the class's own variables as arguments
            return bound if isinstance(given, Unknown) and bound is not None else given
        case Instance(cls, args) if args:
            return Instance(cls, tuple(substitute(each, mapping) for each in args))
        case ClassType(cls, args) if args:
            return ClassType(cls, tuple(substitute(each, mapping) for each in args))
        case TupleType(items):
            return TupleType(tuple(substitute(each, mapping) for each in items))
        case Union(items):
            return join([substitute(each, mapping) for each in items])
        case Callable(result, function, parameters):
            return Callable(
                substitute(result, mapping), function, tuple(substitute(each, mapping) for each in parameters)
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
            return join([class_of(each) for each in items])
    return unknown("a class that was not found")


def rescoped(of: Type) -> frozenset[str]:
    """Return the type variables that calling the value decides: `F` of `Callable[[F], F]`."""
    found = [variables(each) for one in options(of) if isinstance(one, Callable) for each in one.parameters]
    return frozenset().union(*found)


def variables(of: Type) -> frozenset[str]:
    """Return the names of the type variables in it."""
    if type(of) in _CLOSED:
        return _NONE_FREE
    match of:
        case TypeVariable(name):
            return frozenset({name})
        case Instance(_, items) | ClassType(_, items) | TupleType(items) | Union(items):
            return frozenset().union(*(variables(each) for each in items)) if items else frozenset()
        case ClassOf(TypeVariable(name)):
            return frozenset({name})
        case Callable(inner) | Coroutine(inner) | AsyncGenerator(inner) | Alias(inner) | PartialType(inner):
            return variables(inner)
    return frozenset()
