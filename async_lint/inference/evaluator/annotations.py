"""Annotations to types; also types that are written as values."""

import ast

from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Binding, How, form
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import module_scope
from async_lint.inference.types.type_variables import class_of, substitute, variables
from async_lint.inference.types.unions import join, options
from async_lint.inference.types.values import (
    NONE,
    UNKNOWN,
    Alias,
    Callable,
    ClassType,
    External,
    Frame,
    Instance,
    NoneType,
    SpecialForm,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
    unknown,
)

_TYPING = frozenset({"typing", "typing_extensions"})
SPECIAL_FORMS = frozenset(
    {
        "Any", "Optional", "Union", "Callable", "Annotated", "Literal", "ClassVar", "Final", "Type",
        "Tuple", "Self", "TypeAlias", "Generic", "Protocol", "Required", "NotRequired", "ReadOnly",
        "Concatenate", "ParamSpec", "TypeVar", "TypeVarTuple", "Unpack", "TypeGuard", "TypeIs", "NoReturn",
        "Never", "LiteralString", "NewType", "cast", "NamedTuple", "TypedDict", "overload",
    }
)  # fmt: skip
# What libraries that need not be installed write around a type without changing what has it.
_TRANSPARENT = frozenset(
    f"pydantic.{name}"
    for name in (
        "SerializeAsAny", "SkipValidation", "InstanceOf", "functional_serializers.SerializeAsAny",
        "functional_validators.SkipValidation", "functional_validators.InstanceOf",
    )
)  # fmt: skip
# Classes of `typing.pyi` that are declared as aliases there.
_ALIASES = {
    "List": "list", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "DefaultDict": "dict", "Deque": "list",
    "OrderedDict": "dict", "Counter": "dict", "ChainMap": "dict",
}  # fmt: skip


def special_form(evaluator: Evaluator, module: str, name: str) -> Type | None:
    """Return what a name of `typing` is where its stub does not say it."""
    if module in _TYPING:
        if name in SPECIAL_FORMS:
            return SpecialForm(name)
        if name in _ALIASES:
            made = evaluator.builtin(_ALIASES[name])
            return ClassType(made.cls) if isinstance(made, Instance) else UNKNOWN
    if module == "collections.abc" and name == "Callable":
        return SpecialForm("Callable")
    return None


def annotation(evaluator: Evaluator, node: ast.expr, frame: Frame) -> Type:
    """Return what a value with this annotation is; strings are parsed."""
    if isinstance(node, ast.Constant):
        if node.value is None:
            return NONE
        if isinstance(node.value, str):
            return _quoted(evaluator, node, frame)
        return UNKNOWN
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return join([annotation(evaluator, node.left, frame), annotation(evaluator, node.right, frame)])
    if isinstance(node, ast.Subscript):
        annotated = as_annotation(evaluator, from_value(evaluator, node, evaluator.evaluate(node.value, frame), frame))
        named = node.value
    elif isinstance(node, ast.Name | ast.Attribute):
        annotated = as_annotation(evaluator, evaluator.evaluate(node, frame))
        named = node
    else:
        return UNKNOWN
    if isinstance(annotated, Unknown) and (outer := _behind_what_is_no_type(evaluator, named, frame)) is not None:
        if isinstance(node, ast.Subscript):
            return as_annotation(evaluator, from_value(evaluator, node, evaluator.evaluate(named, outer), frame))
        return annotation(evaluator, node, outer)
    return annotated


def _behind_what_is_no_type(evaluator: Evaluator, node: ast.expr, frame: Frame) -> Frame | None:
    """Return the scope that an annotation's name is meant in, where a function or an attribute hides it; else None.

    `def transaction(self) -> transaction.Transaction` means the module, and `-> list[int]` below `def list` the type.
    """
    while isinstance(node, ast.Attribute):
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    scope = frame
    while scope.variables is not None and node.id not in scope.variables and scope.parent is not None:
        scope = scope.parent
    if scope.cls is not None:
        hides = scope.cls.table.get(node.id, ())
        return scope.parent if hides and not any(map(_may_be_type, hides)) else None
    if scope.parent is None and (hides := scope.module.lookup(node.id) or ()):
        builtins = evaluator.library.module("builtins")
        if builtins not in (None, scope.module) and all(binding.how is How.FUNCTION for binding in hides):
            assert builtins is not None
            return module_scope(builtins)
    return None


def _may_be_type(binding: Binding) -> bool:
    if binding.how is How.DECLARE:
        return binding.annotation is None or form(binding.annotation) == "TypeAlias"
    return binding.how is not How.FUNCTION


def _quoted(evaluator: Evaluator, node: ast.Constant, frame: Frame) -> Type:
    try:
        parsed = ast.parse(str(node.value).strip(), mode="eval").body
    # ValueError is for null bytes before Python 3.12, the last two for what is nested too deeply.
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return unknown("an annotation that does not parse")
    # Names are looked up at a place: that of the string.
    for part in descendants(parsed):
        ast.copy_location(part, node)
    return annotation(evaluator, parsed, frame)


def as_annotation(evaluator: Evaluator, value: Type) -> Type:
    """Turn what a name stands for into what a value annotated with it is."""
    match value:
        case ClassType(cls, args):
            # It leaves everything open: what is given may well be awaitable.
            if cls.full_name == "builtins.object":
                return unknown("it is annotated `object`")
            return Instance(cls, args)
        case Alias(target):
            return target
        case NoneType() | TypeVariable():
            return value
        case External(name, False):
            return External(name, True)
        case SpecialForm("Self"):
            return TypeVariable("Self")
        case SpecialForm("Callable"):
            return Callable(unknown("a callable whose result is not annotated"))
        case SpecialForm("Any"):
            return unknown("it is annotated `Any`")
        # Nothing comes back, so nothing to await.
        case SpecialForm("NoReturn" | "Never"):
            return NONE
        case SpecialForm("LiteralString"):
            return evaluator.builtin("str")
        case SpecialForm("Type"):
            return UNKNOWN
        case Union(items):
            # A name that is bound twice, to a class and its substitute.
            return join([as_annotation(evaluator, item) for item in items])
    return unknown("its annotation is no class that was found")


def from_value(evaluator: Evaluator, node: ast.Subscript, base: Type, frame: Frame) -> Type:
    """Return what `base[...]` is, as a value: a class with arguments or an alias."""
    value = _from_value(evaluator, node, base, frame)
    if isinstance(value, Alias) and not value.parameters and variables(value.target):
        return Alias(value.target, open_variables(evaluator, node.slice, frame))
    return value


def _from_value(evaluator: Evaluator, node: ast.Subscript, base: Type, frame: Frame) -> Type:
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    match base:
        case ClassType(cls, args):
            if cls.full_name == "builtins.tuple" and not args:
                return _tuple(evaluator, items, frame)
            if cls.full_name == "builtins.type":
                return Alias(class_of(annotation(evaluator, items[0], frame)))
            if not args and evaluator.class_parameters(cls):
                return _with_arguments(evaluator, cls, items, frame)
            if evaluator.is_enum(cls):
                return Instance(cls)
            names = sorted(variables(base))
            given = (annotation(evaluator, item, frame) for item in items)
            return substitute(base, dict(zip(names, given, strict=False)))
        case Alias():
            return _fill(evaluator, base, items, frame)
        case SpecialForm("Optional"):
            return Alias(join([annotation(evaluator, items[0], frame), NONE]))
        case SpecialForm("Union"):
            return Alias(join([annotation(evaluator, item, frame) for item in items]))
        case SpecialForm("Annotated" | "ClassVar" | "Final" | "Required" | "NotRequired" | "ReadOnly" | "Unpack"):
            return Alias(annotation(evaluator, items[0], frame))
        case SpecialForm("Callable"):
            if len(items) != 2:
                return Alias(UNKNOWN)
            parameters = items[0].elts if isinstance(items[0], ast.List) else []
            return Alias(
                Callable(
                    annotation(evaluator, items[1], frame),
                    None,
                    tuple(annotation(evaluator, parameter, frame) for parameter in parameters),
                )
            )
        case SpecialForm("Type"):
            return Alias(class_of(annotation(evaluator, items[0], frame)))
        case SpecialForm("Tuple"):
            return _tuple(evaluator, items, frame)
        case SpecialForm("Literal") if len(items) == 1:
            return Alias(evaluator.evaluate(items[0], frame))
        case SpecialForm("Literal"):
            return Alias(join([evaluator.evaluate(item, frame) for item in items]))
        # A call gives no more; what a true one says of the argument, `narrowing` asks the annotation.
        case SpecialForm("TypeGuard" | "TypeIs"):
            return Alias(evaluator.builtin("bool"))
        case SpecialForm("Generic" | "Protocol"):
            return base
        case External(name):
            return Alias(annotation(evaluator, items[0], frame)) if name in _TRANSPARENT else base
    return Alias(UNKNOWN)


def _with_arguments(evaluator: Evaluator, cls: "object", items: list[ast.expr], frame: Frame) -> Type:
    from async_lint.inference.syntax.binding import Class

    assert isinstance(cls, Class)
    parameters = evaluator.class_parameters(cls)
    if cls.full_name in ("collections.abc.Callable",):
        return Alias(UNKNOWN)
    # A list stands for a `ParamSpec`, and what that holds is not kept.
    args = [annotation(evaluator, item, frame) if not isinstance(item, ast.List) else UNKNOWN for item in items]
    args += [UNKNOWN] * (len(parameters) - len(args))
    return ClassType(cls, tuple(args[: len(parameters)]))


def _tuple(evaluator: Evaluator, items: list[ast.expr], frame: Frame) -> Type:
    if len(items) == 2 and isinstance(items[1], ast.Constant) and items[1].value is ...:
        return Alias(evaluator.builtin("tuple", annotation(evaluator, items[0], frame)))
    return Alias(TupleType(tuple(annotation(evaluator, item, frame) for item in items)))


def _fill(evaluator: Evaluator, alias: Alias, items: list[ast.expr], frame: Frame) -> Type:
    """A generic alias with arguments."""
    names = alias.parameters or tuple(sorted(variables(alias.target)))
    given = dict.fromkeys(names, UNKNOWN) | {
        name: annotation(evaluator, item, frame)
        for name, item in zip(names, items, strict=False)
        if not isinstance(item, ast.List)
    }
    return Alias(substitute(alias.target, given), tuple(name for name in names if name in variables(given[name])))


def open_variables(evaluator: Evaluator, node: ast.expr, frame: Frame) -> tuple[str, ...]:
    """Return the type variables that an alias's source names, in order."""
    names: dict[str, None] = {}
    for part in descendants(node):
        if isinstance(part, ast.Name):
            value = evaluator.evaluate(part, frame)
            if isinstance(value, TypeVariable):
                names[value.name] = None
    return tuple(names)


def is_vague(annotated: Type) -> bool:
    """Whether an annotation leaves open what matters: it is unknown, a type variable, a callable of unknown result."""
    return any(
        isinstance(option, Unknown | TypeVariable)
        or (isinstance(option, Callable) and isinstance(option.result, Unknown))
        for option in options(annotated)
    )
