"""Whether a handler put what it caught among other errors, and hands all of them to the exception that it raises."""

from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.names import leaves, own_nodes

_PUTTING = frozenset({"add", "append", "appendleft", "insert", "put", "put_nowait"})


def hands_collection(raised: cst.BaseExpression, handler: Handler, context: Context) -> bool:
    """Whether an argument of `raised` reads a container that `handler` put the exception itself into.

    A cause would single out the last of many.
    """
    name = caught_name(handler)
    if name is None or not isinstance(raised, cst.Call):
        return False
    containers = {context.code(container) for container in _containers(handler, name)}
    return any(
        isinstance(node, (cst.Name, cst.Attribute)) and context.code(node) in containers
        for argument in raised.args
        for node in own_nodes(argument.value)
    )


def _containers(handler: Handler, name: str) -> Iterator[cst.BaseExpression]:
    """Yield what gets the exception called `name`: `errors` in `errors.append(name)`, `errors[key] = name`."""
    for node in own_nodes(handler.body):
        match node:
            case cst.Call(func=cst.Attribute(value=container, attr=cst.Name(method))) if method in _PUTTING:
                if any(_gives(argument.value, name) for argument in node.args):
                    yield container
            case cst.AugAssign(target=container, operator=cst.AddAssign()) if _gives(node.value, name):
                yield container
            case cst.Assign() if _gives(node.value, name):
                for target in node.targets:
                    yield from (leaf.value for leaf in leaves(target.target) if isinstance(leaf, cst.Subscript))


def _gives(value: cst.BaseExpression, name: str) -> bool:
    """Whether a value is the exception, or a tuple or a list with it."""
    if isinstance(value, (cst.Tuple, cst.List)):
        return any(_gives(element.value, name) for element in value.elements)
    return isinstance(value, cst.Name) and value.value == name
