"""Classes of fields: named tuples, and what the value of a field says where it describes the field."""

import ast
from typing import TYPE_CHECKING

from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, How, last_name
from async_lint.inference.types.values import Instance, TupleType, Type, unknown

if TYPE_CHECKING:
    from async_lint.inference.types.values import Frame

# They stand where a field's default does: PEP 681 calls them field specifiers.
_SPECIFIERS = frozenset(
    {"dataclasses.field", "attr.ib", "attr.attrib", "attr.field", "attrs.field"}
    | {"pydantic.Field", "pydantic.fields.Field"}
    | {"pydantic.PrivateAttr", "pydantic.fields.PrivateAttr", "sqlmodel.Field", "sqlmodel.main.Field"}
)
_FACTORIES = frozenset({"default_factory", "factory"})


def as_tuple(evaluator: Evaluator, value: Type) -> Type:
    """Return the tuple that an instance of a named tuple is; anything else as it is."""
    if isinstance(value, Instance) and not value.args:
        for base in evaluator.order(value.cls).bases:
            if _is_named_tuple(base.cls):
                fields = [name for name, bindings in base.cls.table.items() if bindings[0].how is How.DECLARE]
                return TupleType(tuple(evaluator.attribute(value, name) for name in fields))
    return value


def _is_named_tuple(cls: Class) -> bool:
    return any(last_name(base) == "NamedTuple" for base in cls.node.bases)


def is_specifier(name: str | None) -> bool:
    """Whether what a function of that name gives only describes a field, whose values are others."""
    return name in _SPECIFIERS


def specified(evaluator: Evaluator, value: ast.expr, frame: "Frame") -> Type | None:
    """Return what a field begins as whose value describes it, `field(default_factory=dict)`; None for other values."""
    if not isinstance(value, ast.Call) or not is_specifier(
        evaluator.qualified_name(evaluator.evaluate(value.func, frame))
    ):
        return None
    for keyword in value.keywords:
        if keyword.arg in _FACTORIES:
            return evaluator.returned(evaluator.evaluate(keyword.value, frame), [], frame)
        if keyword.arg == "default":
            return evaluator.evaluate(keyword.value, frame)
    return unknown("nothing says what the field begins as")
