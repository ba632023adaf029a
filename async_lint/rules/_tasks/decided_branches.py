"""Which branches a call leaves dead, by constants that it gives or leaves at their defaults: `if with_response:`."""

import ast
from collections.abc import Mapping, Sequence

from async_lint.inference.face import Function, argument, body_of

Decided = Mapping[str, bool]

NOTHING: Decided = {}


def decided(call: ast.Call, function: Function, known: Decided) -> Decided:
    """Return which parameters are true and which are false in a call; `known` says it of names where the call stands.

    A parameter that the function binds anew is left out.
    """
    given = function.node.args
    is_starred = any(isinstance(value, ast.Starred) for value in call.args)
    if is_starred or any(keyword.arg is None for keyword in call.keywords):
        return NOTHING
    positional = [*given.posonlyargs, *given.args]
    defaults: dict[str, ast.expr] = {
        **{each.arg: value for each, value in zip(reversed(positional), reversed(given.defaults), strict=False)},
        **{each.arg: value for each, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value},
    }
    # `self` is given by who is called.
    first = 1 if function.owner is not None and not _is_static(function) else 0
    places = {each.arg: index - first for index, each in enumerate(positional)}
    table = body_of(function).table
    found: dict[str, bool] = {}
    for name in defaults:
        value = argument(call, name, places.get(name, -1)) or defaults[name]
        truth = _truth(value, known if value is not defaults[name] else NOTHING)
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


def _is_static(function: Function) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in function.node.decorator_list)
