"""`typing.cast`, which gives what it is given."""

import libcst as cst

from async_lint.context import Context
from async_lint.rules._shared.names import bindings, is_declared_inside

_CASTS = ("typing.cast", "typing_extensions.cast")


def uncast(value: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """Return `x` of `cast(T, x)`; what is no cast as it is."""
    match value:
        case cst.Call(args=[_, cst.Arg(value=inner)]) if context.is_called(value, *_CASTS):
            return uncast(inner, context)
    return value


def loses(block: cst.BaseSuite, name: str, context: Context) -> bool:
    """Whether `name` may stand for something else behind `block`; it does not behind `err = cast(T, err)`."""
    bound = [binding.value for binding in bindings(block) if binding.name == name]
    return not all(_is_itself(value, name, context) for value in bound) or is_declared_inside(block, name)


def _is_itself(value: cst.BaseExpression | None, name: str, context: Context) -> bool:
    plain = None if value is None else uncast(value, context)
    return isinstance(plain, cst.Name) and plain.value == name
