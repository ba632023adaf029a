"""Which arguments a call gives to the parameters of a function, and what of a function's own it hands on by that."""

import ast

from async_lint.inference.questions.arguments import assigned, of_call
from async_lint.inference.syntax.binding import Function, parameters
from async_lint.inference.types.values import Frame


def arguments_for(function: Function, call: ast.Call, frame: Frame, names: frozenset[str]) -> list[ast.expr]:
    """Return the arguments that a call gives to parameters of those names."""
    if not names:
        return []
    bound = function.owner is not None and isinstance(call.func, ast.Attribute)
    given = assigned(function.node.args, of_call(call, frame), int(bound)) or {}
    return [value for parameter, value in given.items() if parameter.arg in names and isinstance(value, ast.expr)]


def handed_on(
    function: Function, call: ast.Call, frame: Frame, given: frozenset[tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    """Return the parameters of a function that are given, by name, what the caller was given itself.

    Each stands beside what it is called further up, as in `given`, which says so of the caller's parameters.
    """
    first = dict(given)
    return frozenset(
        (parameter.arg, first[value.id])
        for parameter in (parameters(function.node.args) if first else ())
        for value in arguments_for(function, call, frame, frozenset({parameter.arg}))
        if isinstance(value, ast.Name) and value.id in first
    )


def given_values(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]
