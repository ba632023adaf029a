"""The arguments of a call, and which parameter each belongs to."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from async_lint.inference.types.values import UNKNOWN, Frame, Type

Value = ast.expr | Type


class Evaluates(Protocol):
    """The one question that an argument needs: what is an expression?"""

    def evaluate(self, node: ast.expr, frame: Frame) -> Type: ...


@dataclass(frozen=True, slots=True)
class Arguments:
    """`frame` is where the expressions stand; `open` when a star, or a partial's earlier arguments, hide some.

    A `*values` argument ends the positional ones and stands for each of its items; `starred` says that nothing else
    is hidden.
    """

    positional: Sequence[Value]
    named: Mapping[str, Value]
    frame: Frame | None
    open: bool = False
    starred: bool = False

    def type_of(self, evaluator: Evaluates, value: Value) -> Type:
        if isinstance(value, ast.expr):
            return evaluator.evaluate(value, self.frame) if self.frame is not None else UNKNOWN
        return value


NO_ARGUMENTS = Arguments((), {}, None, True)


def of_call(node: ast.Call, frame: Frame) -> Arguments:
    positional: list[Value] = []
    starred = False
    for argument in node.args:
        positional.append(argument)
        if isinstance(argument, ast.Starred):
            starred = True
            break
    named: dict[str, Value] = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}
    complete = len(named) == len(node.keywords)
    return Arguments(positional, named, frame, starred or not complete, starred and complete)


def argument(call: ast.Call, name: str, position: int) -> ast.expr | None:
    """Return what a call gives a parameter, None where that is nothing that can be seen.

    `position` is the number of those that may be given by position; -1 for one that may not.
    """
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    # How many arguments a star stands for, nobody can tell.
    before = call.args[: position + 1]
    if position < 0 or len(before) <= position or any(isinstance(value, ast.Starred) for value in before):
        return None
    return before[-1]


def assigned(parameters: ast.arguments, arguments: Arguments, skip: int) -> dict[ast.arg, Value] | None:
    """Return which parameter each argument belongs to, leaving out the first `skip`; None when they do not fit."""
    plain = [*parameters.posonlyargs, *parameters.args][skip:]
    by_parameter: dict[ast.arg, Value] = {}
    for index, value in enumerate(arguments.positional):
        if index < len(plain):
            by_parameter[plain[index]] = value
        elif parameters.vararg is not None:
            by_parameter.setdefault(parameters.vararg, value)
        else:
            return None
    # Positional-only ones are missing: such a name is free to go into `**kwargs`.
    by_name = (
        {parameter.arg: parameter for parameter in [*parameters.args, *parameters.kwonlyargs]}
        if arguments.named
        else {}
    )
    for name, value in arguments.named.items():
        target = by_name.get(name)
        if target is None:
            if not takes_any_name(parameters):
                return None
        elif target in by_parameter:
            return None
        else:
            by_parameter[target] = value
    required: list[ast.arg] = []
    if not arguments.open:
        required += plain[: max(0, len(plain) - len(parameters.defaults))]
    # A star fills positional parameters, never those that only a keyword reaches.
    if not arguments.open or arguments.starred:
        required += [
            parameter
            for parameter, default in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
            if default is None
        ]
    if any(parameter not in by_parameter for parameter in required):
        return None
    return by_parameter


def refuses(parameters: ast.arguments, arguments: Arguments, skip: int) -> bool:
    """Whether some argument has no parameter to go to, the first `skip` left out: the call would raise TypeError."""
    if parameters.vararg is None:
        plain = len(parameters.posonlyargs) + len(parameters.args) - skip
        given = [value for value in arguments.positional if not isinstance(value, ast.Starred)]
        if len(given) > plain:
            return True
    if takes_any_name(parameters):
        return False
    names = {parameter.arg for parameter in [*parameters.args, *parameters.kwonlyargs]}
    return any(name not in names for name in arguments.named)


def takes_any_name(parameters: ast.arguments) -> bool:
    """Whether any keyword fits; `*_` is how the bundled knowledge writes all the parameters that decide nothing."""
    return parameters.kwarg is not None or (parameters.vararg is not None and parameters.vararg.arg == "_")
