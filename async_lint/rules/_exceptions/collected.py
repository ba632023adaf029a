"""Whether a handler put what it caught among other errors, and hands all of them to the exception that it raises."""

from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.handlers import Handler, names_of_caught
from async_lint.rules._shared.names import leaves, own_nodes

_PUTTING = frozenset({"add", "append", "appendleft", "insert", "put", "put_nowait"})


def hands_collection(raised: cst.BaseExpression, handler: Handler, context: Context) -> bool:
    """Whether an argument of `raised` reads a container that `handler` put the exception itself into, or is one.

    A cause would single out one of many, or say twice what it was.
    """
    names = names_of_caught(handler)
    if not names or not isinstance(raised, cst.Call):
        return False
    if any(_is_collection(argument.value, names, context) for argument in raised.args):
        return True
    containers = {context.code(container) for container in _containers(handler, names)}
    return any(
        isinstance(node, (cst.Name, cst.Attribute)) and context.code(node) in containers
        for argument in raised.args
        for node in own_nodes(argument.value)
    )


def _is_collection(value: cst.BaseExpression, names: frozenset[str], context: Context) -> bool:
    """Whether a value is a tuple or a list with the exception, or with an object made around it: `[Wrapped(err)]`."""
    if not isinstance(value, (cst.Tuple, cst.List)):
        return False
    elements = [element.value for element in value.elements]
    return any(_gives(element, names) or _wraps(element, names, context) for element in elements)


def _wraps(value: cst.BaseExpression, names: frozenset[str], context: Context) -> bool:
    if not isinstance(value, cst.Call) or not any(_gives(argument.value, names) for argument in value.args):
        return False
    # `str` and `repr` keep words alone.
    classes = classes_caught(value.func, context)
    return bool(classes) and not any((lineage.own or "").startswith("builtins.") for lineage in classes)


def _containers(handler: Handler, names: frozenset[str]) -> Iterator[cst.BaseExpression]:
    """Yield what gets the exception of one of `names`: `errors` in `errors.append(name)`, `errors[key] = name`."""
    for node in own_nodes(handler.body):
        match node:
            case cst.Call(func=cst.Attribute(value=container, attr=cst.Name(method))) if method in _PUTTING:
                if any(_gives(argument.value, names) for argument in node.args):
                    yield container
            case cst.AugAssign(target=container, operator=cst.AddAssign()) if _gives(node.value, names):
                yield container
            case cst.Assign() if _gives(node.value, names):
                for target in node.targets:
                    yield from (leaf.value for leaf in leaves(target.target) if isinstance(leaf, cst.Subscript))


def _gives(value: cst.BaseExpression, names: frozenset[str]) -> bool:
    """Whether a value is the exception, or a tuple or a list with it."""
    if isinstance(value, (cst.Tuple, cst.List)):
        return any(_gives(element.value, names) for element in value.elements)
    return isinstance(value, cst.Name) and value.value in names
