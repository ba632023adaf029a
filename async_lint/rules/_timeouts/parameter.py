"""What the callers of a function give for one of its parameters."""

import ast
from typing import NamedTuple

from async_lint.inference.face import Frame, argument, descendants, dotted
from async_lint.rules._timeouts.given import Given, given


class Parameter(NamedTuple):
    """A parameter, with the number of its argument: -1 for one that is given by its name alone.

    `default` is what it is where it is not given, `rebound` whether the function binds its name again.
    """

    name: str
    position: int
    default: ast.expr | None
    rebound: bool

    def given(self, call: ast.Call) -> ast.expr | None:
        """Return what a call of the function gives it, or leaves it; None where that is nothing that can be seen."""
        is_left = given(call, {self.name: self.position}) is Given.ABSENT
        return self.default if is_left else argument(call, self.name, self.position)


def parameter(expression: ast.expr, frame: Frame) -> Parameter | None:
    """Return the parameter of the function around an expression that this is the name of, if it is one's."""
    scope = frame.enclosing_function()
    if not isinstance(expression, ast.Name) or scope is None or scope.function is None:
        return None
    node, name = scope.function.whole(), expression.id
    arguments = node.args
    plain = [arg.arg for arg in (*arguments.posonlyargs, *arguments.args)]
    defaults = dict(zip(reversed(plain), reversed(arguments.defaults), strict=False))
    defaults |= {
        arg.arg: value for arg, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value
    }
    if name not in plain and name not in [arg.arg for arg in arguments.kwonlyargs]:
        return None
    bound = scope.function.owner is not None and "staticmethod" not in map(dotted, node.decorator_list)
    # The arguments of a call do not count `self`.
    position = plain.index(name) - bound if name in plain else -1
    return Parameter(name, position, defaults.get(name), any(_binds(part, name) for part in descendants(node)))


def _binds(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
