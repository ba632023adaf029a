"""Named tuples: classes whose fields are the items of a tuple."""

from typing import TYPE_CHECKING

from async_lint.inference.binding import Class, How
from async_lint.inference.types import Instance, TupleType, Type

if TYPE_CHECKING:
    from async_lint.inference.evaluator import Evaluator


def as_tuple(r: "Evaluator", value: Type) -> Type:
    """Return the tuple that an instance of a named tuple is; anything else as it is."""
    if isinstance(value, Instance) and not value.args:
        for base in r.order(value.cls).bases:
            if _is_named_tuple(base.cls):
                fields = [name for name, bindings in base.cls.table.items() if bindings[0].how is How.DECLARE]
                return TupleType(tuple(r.attribute(value, name) for name in fields))
    return value


def _is_named_tuple(cls: Class) -> bool:
    return any(getattr(each, "id", getattr(each, "attr", "")) == "NamedTuple" for each in cls.node.bases)
