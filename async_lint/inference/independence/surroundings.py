"""What the names around an await say of it: of the function that it stands in, and of the class."""

import ast

from async_lint.inference.independence.words import thing, those, words
from async_lint.inference.types.values import Frame


def is_in_beginning(frame: Frame) -> bool:
    """Whether the function around begins something, as its name says: there the order may be a protocol."""
    scope = frame.enclosing_function()
    name = scope.function.name if scope is not None and scope.function is not None else ""
    return not those("beginning").isdisjoint(words(name)) or name == "__aenter__"


def is_of_device(callee: ast.expr, frame: Frame) -> bool:
    """Whether it belongs to a device (`self.device.registry.read`), or the code is a method of one."""
    holder = callee.value if isinstance(callee, ast.Attribute) else callee
    while isinstance(holder, ast.Attribute):
        holder = holder.value
        if thing(holder) == "device":
            return True
    return is_in_device(frame)


def is_in_device(frame: Frame) -> bool:
    """Whether the code is a method of something that takes one command at a time, as its name says."""
    method = frame.method()
    owner = method.function.owner if method is not None and method.function is not None else None
    return owner is not None and not those("devices").isdisjoint(words(owner.name))
