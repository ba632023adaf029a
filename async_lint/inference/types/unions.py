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
