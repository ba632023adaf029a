"""What the names around an await say of it: of the function that it stands in, and of the class."""

from async_lint.inference.independence.words import those, words
from async_lint.inference.types.values import Frame


def is_in_beginning(frame: Frame) -> bool:
    """Whether the function around begins something, as its name says: there the order may be a protocol."""
    scope = frame.enclosing_function()
    name = scope.function.name if scope is not None and scope.function is not None else ""
    return not those("beginning").isdisjoint(words(name)) or name == "__aenter__"


def is_in_device(frame: Frame) -> bool:
    """Whether the code is a method of something that takes one command at a time, as its name says."""
    method = frame.method()
    owner = method.function.owner if method is not None and method.function is not None else None
    return owner is not None and not those("devices").isdisjoint(words(owner.name))
