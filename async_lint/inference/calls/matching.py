"""Whether a parameter takes an argument: yes, no, or nobody can tell."""

from collections.abc import Iterable

from async_lint.inference.kinds.kinds import is_protocol
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, How, last_name
from async_lint.inference.types.type_variables import substitute
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import (
    UNKNOWN,
    AsyncGenerator,
    Callable,
    ClassType,
    Coroutine,
    External,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    NoneType,
    OverloadedType,
    PartialType,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
)

_FUNCTIONS = FunctionType | OverloadedType | LambdaType | PartialType | Callable
# PEP 484: where `float` is declared an `int` will do, though it does not inherit it.
_WIDER = {
    ("builtins.int", "builtins.float"),
    ("builtins.int", "builtins.complex"),
    ("builtins.float", "builtins.complex"),
}


def accepts(evaluator: Evaluator, wanted: Type, given: Type) -> bool | None:
    """Return whether a value of the type `given` may be passed where `wanted` is declared; None when unsure."""
    if isinstance(wanted, Unknown) or isinstance(given, Unknown):
        return None
    if isinstance(given, Union):
        # Where one fits and another does not, it is open which of them comes.
        outcomes = {accepts(evaluator, wanted, option) for option in given.items}
        return outcomes.pop() if len(outcomes) == 1 else None
    if isinstance(wanted, Union):
        return _any(accepts(evaluator, option, given) for option in wanted.items)
    if isinstance(wanted, TypeVariable):
        return True if wanted.bound is None else accepts(evaluator, wanted.bound, given)
    if isinstance(given, TypeVariable):
        return None if given.bound is None else accepts(evaluator, wanted, given.bound)
    if isinstance(given, NoneType) or isinstance(wanted, NoneType):
        # None may fit a protocol: it has a `__hash__`, and so is `Hashable`.
        return type(given) is type(wanted) or (
            None if isinstance(wanted, Instance) and is_protocol(wanted.cls) else False
        )
    if isinstance(given, External) or isinstance(wanted, External):
        return True if given == wanted else None
    return _plain(evaluator, wanted, given)


def _plain(evaluator: Evaluator, wanted: Type, given: Type) -> bool | None:
    match wanted, given:
        case Literal(value, _), Literal(other, _):
            # `True == 1`, but `Literal[True]` is not `Literal[1]`.
            return value == other and type(value) is type(other)
        case Literal(_, made), Instance():
            # Any string may be the one that is wanted.
            return None if accepts(evaluator, made, given) is not False else False
        case _, Literal(_, made):
            return accepts(evaluator, wanted, made)
        case Callable(
            result
        ), ClassType() | FunctionType() | OverloadedType() | LambdaType() | PartialType() | Callable():
            return accepts(evaluator, result, evaluator.returned(given, None, None))
        case Callable(result), Instance(cls):
            return (
                accepts(evaluator, result, evaluator.returned(given, None, None))
                if evaluator.defines(cls, "__call__")
                else _missing(evaluator, cls)
            )
        case ClassType(cls), ClassType(other):
            return evaluator.is_subclass(other, cls) or _missing(evaluator, other)
        case TupleType(items), TupleType(others):
            return len(items) == len(others) and _all(
                accepts(evaluator, a, b) for a, b in zip(items, others, strict=True)
            )
        case Instance(), Coroutine(result):
            return accepts(evaluator, wanted, evaluator.typing("Coroutine", UNKNOWN, UNKNOWN, result))
        case Instance(), AsyncGenerator(item):
            return accepts(evaluator, wanted, evaluator.typing("AsyncGenerator", item, UNKNOWN))
        case Instance(), TupleType(items):
            return accepts(evaluator, wanted, evaluator.builtin("tuple", join(items) if items else UNKNOWN))
        case Instance(cls), _ if isinstance(given, _FUNCTIONS):
            return None if is_protocol(cls) or cls.module.name == "types" else False
        case Instance(cls), ClassType():
            return None if is_protocol(cls) or cls.full_name == "builtins.type" else False
        case Instance(), Instance():
            return _instance(evaluator, wanted, given)
    return None


def _instance(evaluator: Evaluator, wanted: Instance, given: Instance) -> bool | None:
    for base in evaluator.order(given.cls).bases:
        if base.cls.full_name == wanted.cls.full_name:
            own = dict(zip(evaluator.class_parameters(given.cls), given.args, strict=False))
            inherited = [
                substitute(base.arguments.get(name, UNKNOWN), own) for name in evaluator.class_parameters(wanted.cls)
            ]
            return _all(accepts(evaluator, arg, other) for arg, other in zip(wanted.args, inherited, strict=False))
    if (given.cls.full_name, wanted.cls.full_name) in _WIDER:
        return True
    # It has the methods, but what they take and give is not compared.
    if is_protocol(wanted.cls) and all(evaluator.defines(given.cls, name) for name in _methods(evaluator, wanted.cls)):
        return None
    return _missing(evaluator, given.cls)


def _methods(evaluator: Evaluator, protocol: Class) -> list[str]:
    """Return the methods that a protocol asks for, those of the protocols above it too."""
    return [
        name
        for base in evaluator.order(protocol).bases
        if is_protocol(base.cls)
        for name, bindings in base.cls.table.items()
        if bindings[0].how is How.FUNCTION and _is_abstract(base.cls, name)
    ]


def _is_abstract(cls: Class, name: str) -> bool:
    # The abstract base classes of `typing` have methods of their own too: `Mapping.get`.
    node = cls.table[name][0].node
    decorators = [last_name(decorator) for decorator in getattr(node, "decorator_list", ())]
    return "abstractmethod" in decorators or not cls.module.is_stub


def _missing(evaluator: Evaluator, cls: Class) -> bool | None:
    """What to say of a class that was not found to fit: no, unless some of it was not found."""
    return None if evaluator.order(cls).missing or evaluator.defines(cls, "__getattr__") else False


def _any(outcomes: Iterable[bool | None]) -> bool | None:
    distinct = set(outcomes)
    return True if True in distinct else None if None in distinct else False


def _all(outcomes: Iterable[bool | None]) -> bool | None:
    distinct = set(outcomes)
    return False if False in distinct else None if None in distinct else True
