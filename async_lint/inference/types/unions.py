"""Unions: what an expression is that may be one thing or another."""

from collections.abc import Iterable

from async_lint.inference.types.values import (
    UNKNOWN,
    Coroutine,
    FunctionType,
    Literal,
    NoneType,
    Type,
    Union,
    Unknown,
    unknown,
)

_LIMIT = 12  # a union of more says nothing
_LIMIT_OF_CALLABLES = 60  # a table of handlers says that each is a coroutine function


def join(types: Iterable[Type]) -> Type:
    """Return the union; one unknown member makes it unknown, for a guess is no answer."""
    types = list(types)
    if len(types) == 1 and not isinstance(types[0], Literal):
        return types[0]
    items: dict[Type, None] = {}
    for member in types:
        if isinstance(member, Unknown):
            return member
        if isinstance(member, Union):
            items.update(dict.fromkeys(member.items))
        # By its type alone, or a name bound to twenty constants would be too many things.
        elif isinstance(member, Literal):
            items[member.type] = None
        else:
            items[member] = None
    if not items:
        return UNKNOWN
    if len(items) == 1:
        return next(iter(items))
    limit = _LIMIT_OF_CALLABLES if all(isinstance(item, FunctionType | Coroutine) for item in items) else _LIMIT
    return Union(tuple(items)) if len(items) <= limit else unknown("it may be too many things")


def options(of: Type) -> tuple[Type, ...]:
    """Return the members of a union without None, which has no attributes worth a look; else the type itself."""
    if isinstance(of, Union):
        return tuple(member for member in of.items if not isinstance(member, NoneType))
    return (of,)


def without_none(of: Type) -> Type:
    return join(options(of)) if isinstance(of, Union) else of
