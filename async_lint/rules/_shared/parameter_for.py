"""Which parameter of a function an argument is for, and where who calls gives each."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from async_lint.inference.face import Function, last_name


class Placed(NamedTuple):
    """`position` is the number of the parameter for who calls, -1 by keyword alone."""

    name: str
    position: int
    default: ast.expr | None


def placed(function: Function) -> Iterator[Placed]:
    """Yield the parameters of a function; that of a receiver, which who calls does not give, has a position of -1."""
    given = function.node.args
    plain = [*given.posonlyargs, *given.args]
    defaults = [*[None] * (len(plain) - len(given.defaults)), *given.defaults]
    for index, (parameter, default) in enumerate(zip(plain, defaults, strict=True)):
        yield Placed(parameter.arg, index - _has_receiver(function), default)
    for parameter, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield Placed(parameter.arg, -1, default)


def parameter_for(call: ast.Call, argument: ast.expr, function: Function) -> str | None:
    """Return the parameter that an argument is for."""
    for keyword in call.keywords:
        if keyword.value is argument:
            return keyword.arg
    if argument not in call.args or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    at = call.args.index(argument)
    return next((one.name for one in placed(function) if one.position == at), None)


def hides_arguments(call: ast.Call) -> bool:
    """Whether a call gives by a star what cannot be seen."""
    starred = any(isinstance(value, ast.Starred) for value in call.args)
    return starred or any(keyword.arg is None for keyword in call.keywords)


def _has_receiver(function: Function) -> bool:
    static = any(last_name(decorator) == "staticmethod" for decorator in function.node.decorator_list)
    return function.owner is not None and not static
