"""Classes: bases, method resolution order, type parameters."""

import ast

from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.class_order import Base, Order
from async_lint.inference.types.type_variables import substitute
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import (
    UNKNOWN,
    Alias,
    ClassType,
    External,
    Instance,
    SpecialForm,
    TupleType,
    Type,
    TypeVariable,
    unknown,
)


def bases(evaluator: Evaluator, cls: Class) -> tuple[tuple[ClassType, ...], tuple[str, ...]]:
    """Return the bases that were found, and the names of those that were not."""
    frame = evaluator.class_scope(cls)
    found: list[ClassType] = []
    missing: list[str] = []
    for node in cls.node.bases:
        value = evaluator.evaluate(node, frame)
        match value:
            case ClassType():
                if value.cls is not cls:
                    found.append(value)
            case Alias(TupleType(items)):
                made = evaluator.builtin_class("tuple")
                if made is not None:
                    found.append(ClassType(made, (join(items),)))
            case External(name):
                missing.append(name)
            case SpecialForm("Generic" | "Protocol" | "TypedDict"):
                pass
            case SpecialForm("NamedTuple"):
                made = evaluator.stdlib_class("typing", "NamedTuple") or evaluator.builtin_class("tuple")
                if made is not None:
                    found.append(ClassType(made, (UNKNOWN,) if evaluator.class_parameters(made) else ()))
            case _:
                missing.append("")
    if any(keyword.arg == "metaclass" and not _plain_metaclass(keyword.value) for keyword in cls.node.keywords):
        metaclass = next(keyword.value for keyword in cls.node.keywords if keyword.arg == "metaclass")
        if not isinstance(evaluator.evaluate(metaclass, frame), ClassType):
            missing.append("")
    return tuple(found), tuple(missing)


def _plain_metaclass(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    # They leave the attributes as the class has them; one that was not found may add any.
    return name in ("ABCMeta", "EnumMeta", "EnumType", "type")


def order(evaluator: Evaluator, cls: Class) -> Order:
    """Return the C3 order, or, where there is none, depth first."""
    parents, missing = bases(evaluator, cls)
    own = Base(cls, {name: TypeVariable(name) for name in evaluator.class_parameters(cls)})
    sequences: list[list[Base]] = []
    gone = list(missing)
    for parent in parents:
        above = evaluator.order(parent.cls)
        names = evaluator.class_parameters(parent.cls)
        unsaid = unknown(f"`{cls.name}` inherits `{parent.cls.name}` without saying what it holds")
        given = dict(zip(names, parent.args, strict=False)) if parent.args else dict.fromkeys(names, unsaid)
        sequences.append(
            [
                Base(base.cls, {key: substitute(value, given) for key, value in base.arguments.items()})
                for base in above.bases
            ]
        )
        gone += above.missing
    sequences.append([sequence[0] for sequence in sequences])
    return Order((own, *_merge(sequences)), tuple(dict.fromkeys(gone)))


def _merge(sequences: list[list[Base]]) -> list[Base]:
    merged: list[Base] = []
    left = [sequence for sequence in sequences if sequence]
    while left:
        for sequence in left:
            head = sequence[0]
            if not any(head.cls is base.cls for other in left for base in other[1:]):
                break
        else:
            # There is no such order, and Python would refuse the class: a guess does no harm.
            head = left[0][0]
        merged.append(head)
        left = [[base for base in sequence if base.cls is not head.cls] for sequence in left]
        left = [sequence for sequence in left if sequence]
    return merged


def parameters(evaluator: Evaluator, cls: Class) -> tuple[str, ...]:
    """Return the names of a class's type parameters in order."""
    declared = getattr(cls.node, "type_params", None)
    if declared:
        return tuple(parameter.name for parameter in declared)
    frame = evaluator.class_scope(cls)
    names: dict[str, None] = {}
    for node in cls.node.bases:
        if isinstance(node, ast.Subscript):
            base = evaluator.evaluate(node.value, frame)
            items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            variables = [name for item in items for name in _variables(evaluator, item, frame)]
            if isinstance(base, SpecialForm) and base.name in ("Generic", "Protocol"):
                return tuple(dict.fromkeys(variables))
            names.update(dict.fromkeys(variables))
    return tuple(names)


def _variables(evaluator: Evaluator, node: ast.expr, frame: "object") -> list[str]:
    from async_lint.inference.types.values import Frame

    assert isinstance(frame, Frame)
    names = []
    for part in descendants(node):
        if isinstance(part, ast.Name | ast.Attribute):
            value = evaluator.evaluate(part, frame)
            if isinstance(value, TypeVariable):
                names.append(value.name)
    return names


def receiver(evaluator: Evaluator, function: Function) -> Type:
    """Return what the first parameter of a method is."""
    cls = function.owner
    assert cls is not None
    decorators_ = {last_name(decorator) for decorator in function.node.decorator_list}
    if "staticmethod" in decorators_:
        return unknown("the first parameter of a static method")
    args = tuple(TypeVariable(name) for name in evaluator.class_parameters(cls))
    is_class = "classmethod" in decorators_ or function.name in (
        "__new__",
        "__init_subclass__",
        "__class_getitem__",
    )
    return ClassType(cls, args) if is_class else Instance(cls, args)
