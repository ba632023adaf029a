"""A callable that code finds while it runs: by a name that it works out, in a table, among its own parameters."""

import ast

from async_lint.inference.modules.summary import body_of
from async_lint.inference.names.aliases import binding_frame, is_receiver
from async_lint.inference.syntax.binding import Binding, How
from async_lint.inference.types.values import Frame

_DEPTH = 3  # names of names


def is_looked_up(callable_: ast.expr, frame: Frame, depth: int = _DEPTH) -> bool:
    """Whether nothing in the source says which function a callable is: one of many, as in a dispatcher."""
    match callable_:
        case ast.Call(func=ast.Name("getattr"), args=[_, name, *_]):
            return not isinstance(name, ast.Constant)
        case ast.Subscript(slice=key) | ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
            return not isinstance(key, ast.Constant)
        case ast.Name(id=name):
            scope = binding_frame(name, frame)
            ways = body_of(scope.function).table[name] if scope is not None and scope.function is not None else ()
            return scope is not None and any(_is_one_of_many(binding, scope, depth) for binding in ways)
    return False


def _is_one_of_many(binding: Binding, frame: Frame, depth: int) -> bool:
    match binding:
        case Binding(how=How.PARAMETER, node=parameter):
            return frame.function is not None and not is_receiver(parameter, frame.function)
        case Binding(how=How.ITERATE | How.ASYNC_ITERATE):
            return True
        case Binding(how=How.ASSIGN, value=ast.expr() as value, path=()):
            return depth > 0 and is_looked_up(value, frame, depth - 1)
    return False
