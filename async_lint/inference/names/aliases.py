"""Another name for a thing: an import `as`, or a local name that is bound to it."""

import ast
from collections.abc import Sequence

from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Binding, Function, How
from async_lint.inference.types.values import Frame

_DEPTH = 3  # aliases of aliases: an end for `a = b` and `b = a`


def bindings(name: str, frame: Frame) -> Sequence[Binding]:
    """Return what binds a name in the function around it, or else in the module."""
    scope = frame.enclosing_function()
    own = body_of(scope.function).table.get(name) if scope is not None and scope.function is not None else None
    return own or frame.module.lookup(name) or ()


def last_word(callee: ast.expr, frame: Frame | None, depth: int = _DEPTH) -> str:
    """Return the last word of what a name stands for: `starmap` for `f` after `from itertools import starmap as f`.

    A name that is bound in one way only is looked up; others stand for themselves.
    """
    if not isinstance(callee, ast.Name):
        return callee.attr if isinstance(callee, ast.Attribute) else ""
    ways = bindings(callee.id, frame) if depth and frame is not None else ()
    # Of an unpacked value, a name has only a part.
    if len(ways) == 1 and not ways[0].path:
        how, value = ways[0].how, ways[0].value
        if how is How.IMPORT_FROM:
            return ways[0].name
        if how is How.ASSIGN and isinstance(value, ast.Name | ast.Attribute):
            return last_word(value, frame, depth - 1)
    return callee.id


def is_given(node: ast.expr, frame: Frame | None, depth: int = _DEPTH) -> bool:
    """Whether a callable is a parameter without annotation, or made around one: its callers alone know what it is."""
    match node:
        case ast.Name(id=name):
            scope = binding_frame(name, frame)
            if scope is None or scope.function is None:
                return False
            for binding in body_of(scope.function).table[name]:
                if binding.how is How.PARAMETER:
                    if binding.annotation is None and not is_receiver(binding.node, scope.function):
                        return True
                elif depth and binding.value is not None and is_given(binding.value, scope, depth - 1):
                    return True
        # `lambda: callback(item)` gives what the callable in it does.
        case ast.Lambda(body=ast.Call(func=func)):
            return is_given(func, frame, depth)
        case ast.Call(func=func, args=[first, *_]) if last_word(func, frame) == "partial":
            return is_given(first, frame, depth)
    return False


def binding_frame(name: str, frame: Frame | None) -> Frame | None:
    """Return the frame of the closest function around that binds a name."""
    while frame is not None and (frame.function is None or name not in body_of(frame.function).table):
        frame = frame.parent
    return frame


def is_receiver(parameter: ast.AST, function: Function) -> bool:
    """Whether a parameter is a method's `self`."""
    arguments = function.node.args
    static = any(getattr(decorator, "id", "") == "staticmethod" for decorator in function.node.decorator_list)
    return function.owner is not None and not static and parameter in [*arguments.posonlyargs, *arguments.args][:1]
