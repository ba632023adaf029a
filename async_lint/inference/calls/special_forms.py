"""Calls whose result no annotation can say: `super()`, `partial`, `cast`, `getattr`, `type`."""

import ast
from collections.abc import Callable as Callback

from async_lint.inference.questions.arguments import Arguments
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function
from async_lint.inference.types.unions import join, without_none
from async_lint.inference.types.values import (
    IDENTITY,
    UNKNOWN,
    Alias,
    ClassMethod,
    ClassType,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    PartialType,
    SpecialForm,
    StaticMethod,
    SuperType,
    Type,
    TypeVariable,
    Unknown,
    unknown,
)

Handler = Callback[[Evaluator, Arguments], Type | None]


def special_call(evaluator: Evaluator, callee: FunctionType, arguments: Arguments) -> Type | None:
    """Return what one of the known functions gives, or None to go on as with any other."""
    return _FUNCTIONS[callee.function.full_name](evaluator, arguments) if is_special(callee.function) else None


def is_special(function: Function) -> bool:
    """Whether a function is one of the known ones."""
    # A project may have a `copy.py` of its own, with a function `copy`.
    return function.module.is_stub and function.full_name in _FUNCTIONS


def special_construct(evaluator: Evaluator, callee: Type, node: ast.Call, arguments: Arguments) -> Type | None:
    """The same for classes and special forms that are called."""
    match callee:
        case SpecialForm("TypeVar" | "ParamSpec" | "TypeVarTuple"):
            return _type_variable(evaluator, node, arguments)
        # `UserId = NewType("UserId", int)` has all that `int` has, and is taken for it.
        case SpecialForm("NewType") if len(node.args) == 2 and arguments.frame is not None:
            made = evaluator.annotation(node.args[1], arguments.frame)
            return ClassType(made.cls, made.args) if isinstance(made, Instance) else UNKNOWN
        case SpecialForm("cast") if len(node.args) == 2 and arguments.frame is not None:
            return evaluator.annotation(node.args[0], arguments.frame)
        case SpecialForm():
            return unknown("a call of a special form")
        case ClassType(cls) if (
            cls.full_name in ("functools.partial", "functools.partialmethod") and arguments.positional
        ):
            return PartialType(arguments.type_of(evaluator, arguments.positional[0]))
        case ClassType(cls) if cls.full_name == "builtins.super":
            return _super(evaluator, node, arguments)
        case ClassType(cls) if cls.full_name == "builtins.type" and len(node.args) == 1:
            made = arguments.type_of(evaluator, arguments.positional[0]) if arguments.positional else UNKNOWN
            return ClassType(made.cls, made.args) if isinstance(made, Instance) else UNKNOWN
        case ClassType(cls) if cls.full_name in ("builtins.dict", "collections.defaultdict"):
            return _mapping(evaluator, node, callee, arguments)
        case ClassType(cls) if cls.full_name in (
            "builtins.zip",
            "builtins.enumerate",
            "builtins.map",
            "builtins.filter",
        ):
            return _iterator(evaluator, cls.name, arguments)
        case ClassType(cls) if (
            cls.full_name in ("builtins.property", "functools.cached_property") and arguments.positional
        ):
            from async_lint.inference.types.values import PropertyType

            return PropertyType(arguments.type_of(evaluator, arguments.positional[0]))
        case ClassType(cls) if cls.full_name == "builtins.staticmethod" and arguments.positional:
            return StaticMethod(arguments.type_of(evaluator, arguments.positional[0]))
        case ClassType(cls) if cls.full_name == "builtins.classmethod" and arguments.positional:
            return ClassMethod(arguments.type_of(evaluator, arguments.positional[0]))
    return None


def _type_variable(evaluator: Evaluator, node: ast.Call, arguments: Arguments) -> Type:
    name = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
    if not isinstance(name, str):
        return UNKNOWN
    bound = next((keyword.value for keyword in node.keywords if keyword.arg == "bound"), None)
    allowed = [bound] if bound is not None else node.args[1:]  # `TypeVar("T", A, B)` is one of these
    if not allowed or arguments.frame is None:
        return TypeVariable(name)
    frame = arguments.frame
    return TypeVariable(name, join([evaluator.annotation(annotation, frame) for annotation in allowed]))


def _super(evaluator: Evaluator, node: ast.Call, arguments: Arguments) -> Type:
    frame = arguments.frame.method() if arguments.frame is not None else None
    if frame is None or frame.function is None or frame.function.owner is None:
        return UNKNOWN
    if node.args:
        cls = arguments.type_of(evaluator, arguments.positional[0]) if arguments.positional else UNKNOWN
        if not isinstance(cls, ClassType):
            return UNKNOWN
        return SuperType(cls.cls, evaluator.receiver(frame.function))
    return SuperType(frame.function.owner, evaluator.receiver(frame.function))


def _mapping(evaluator: Evaluator, node: ast.Call, callee: ClassType, arguments: Arguments) -> Type | None:
    if callee.args:
        return None
    if callee.cls.name == "defaultdict" and arguments.positional:
        return Instance(
            callee.cls, (UNKNOWN, evaluator.returned(arguments.type_of(evaluator, arguments.positional[0]), [], None))
        )
    if not node.args and node.keywords and not arguments.open:
        return Instance(
            callee.cls,
            (
                evaluator.builtin("str"),
                join([arguments.type_of(evaluator, value) for value in arguments.named.values()]),
            ),
        )
    return None


def _iterator(evaluator: Evaluator, name: str, arguments: Arguments) -> Type:
    from async_lint.inference.types.values import TupleType

    given = [arguments.type_of(evaluator, argument) for argument in arguments.positional]
    item: Type = UNKNOWN
    if name == "zip" and given and not arguments.open:
        item = TupleType(tuple(evaluator.element(iterable, False) for iterable in given))
    elif name == "enumerate" and given:
        item = TupleType((evaluator.builtin("int"), evaluator.element(given[0], False)))
    elif name == "map" and given:
        item = evaluator.returned(given[0], None, None)
    elif name == "filter" and len(given) == 2:
        item = evaluator.element(given[1], False)
    return evaluator.typing("Iterator", item)


def _first_element(evaluator: Evaluator, arguments: Arguments) -> Type | None:
    if not arguments.positional:
        return None
    return evaluator.element(arguments.type_of(evaluator, arguments.positional[0]), False, direct=True)


def _iter(evaluator: Evaluator, arguments: Arguments) -> Type | None:
    # `iter(function, sentinel)` is another thing: it calls the function again and again.
    if len(arguments.positional) != 1:
        return None
    item = evaluator.element(arguments.type_of(evaluator, arguments.positional[0]), False)
    return None if isinstance(item, Unknown) else evaluator.typing("Iterator", item)


def _first(evaluator: Evaluator, arguments: Arguments) -> Type | None:
    return without_none(arguments.type_of(evaluator, arguments.positional[0])) if arguments.positional else None


def _getattr(evaluator: Evaluator, arguments: Arguments) -> Type | None:
    if len(arguments.positional) < 2:
        return None
    name = arguments.type_of(evaluator, arguments.positional[1])
    if not isinstance(name, Literal) or not isinstance(name.value, str):
        return unknown("`getattr` with a name that is not written out")
    attribute = evaluator.attribute(arguments.type_of(evaluator, arguments.positional[0]), name.value)
    if len(arguments.positional) == 2 or isinstance(attribute, Unknown):
        return attribute
    return join([attribute, arguments.type_of(evaluator, arguments.positional[2])])


def _wraps(evaluator: Evaluator, arguments: Arguments) -> Type:
    # `wraps(f)` gives back the wrapper that it is called with, and that is what runs.
    return IDENTITY


def _update_wrapper(evaluator: Evaluator, arguments: Arguments) -> Type | None:
    return arguments.type_of(evaluator, arguments.positional[0]) if arguments.positional else None


def _cast(evaluator: Evaluator, arguments: Arguments) -> Type | None:
    if len(arguments.positional) == 2 and isinstance(arguments.positional[0], ast.expr) and arguments.frame is not None:
        return evaluator.annotation(arguments.positional[0], arguments.frame)
    return UNKNOWN


def _unknown(evaluator: Evaluator, arguments: Arguments) -> Type:
    return UNKNOWN


_FUNCTIONS: dict[str, Handler] = {
    "builtins.getattr": _getattr,
    "builtins.iter": _iter,
    "builtins.next": _first_element,
    "builtins.min": _first_element,
    "builtins.max": _first_element,
    "copy.copy": _first,
    "copy.deepcopy": _first,
    "functools.wraps": _wraps,
    "functools.update_wrapper": _update_wrapper,
    "typing.cast": _cast,
    "dataclasses.field": _unknown,  # it describes a field, whose values are others (see `records.py`)
    "builtins.sum": _unknown,
}

__all__ = ["Alias", "LambdaType", "special_call", "special_construct"]
