"""Which branches a call leaves dead, by constants that it gives or leaves at their defaults: `if with_response:`."""

import ast
from collections.abc import Mapping, Sequence

from async_lint.inference.face import Function, argument, body_of
from async_lint.rules._shared.parameter_for import hides_arguments, placed

Decided = Mapping[str, bool]

NOTHING: Decided = {}


def decided(call: ast.Call, function: Function, known: Decided) -> Decided:
    """Return which parameters are true and which are false in a call; `known` says it of names where the call stands.

    A parameter that the function binds anew is left out.
    """
    if hides_arguments(call):
        return NOTHING
    table = body_of(function).table
    found: dict[str, bool] = {}
    for name, position, default in placed(function):
        if default is None:
            continue
        value = argument(call, name, position)
        truth = _truth(default, NOTHING) if value is None else _truth(value, known)
        if truth is not None and len(table[name]) == 1:
            found[name] = truth
    return found


def alive(statement: ast.AST, known: Decided) -> Sequence[ast.AST] | None:
    """Return the branch of an `if` that runs; None where that is not decided."""
    if not isinstance(statement, ast.If):
        return None
    truth = _truth(statement.test, known)
    return None if truth is None else statement.body if truth else statement.orelse


def _truth(value: ast.expr, known: Decided) -> bool | None:
    match value:
        case ast.Constant(written):
            return bool(written)
        case ast.Name(name):
            return known.get(name)
        case ast.UnaryOp(ast.Not(), operand):
            truth = _truth(operand, known)
            return None if truth is None else not truth
    return None
