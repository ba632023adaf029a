"""Type variables: what the arguments of a call make of them."""

from async_lint.inference.kinds.kinds import is_protocol
from async_lint.inference.questions.arguments import Arguments, assigned
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function
from async_lint.inference.types.type_variables import substitute, variables
from async_lint.inference.types.unions import join, options
from async_lint.inference.types.values import (
    UNKNOWN,
    Callable,
    ClassOf,
    ClassType,
    External,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    NoneType,
    OverloadedType,
    PartialType,
    StaticMethod,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
)

_ITERABLES = frozenset(
    {"Iterable", "Iterator", "Sequence", "Collection", "Container", "Reversible", "AbstractSet", "MutableSequence"}
)
_ASYNC_ITERABLES = frozenset({"AsyncIterable", "AsyncIterator"})


def solve(
    evaluator: Evaluator, function: Function, arguments: Arguments, skip: int, receiver: Type | None = None
) -> dict[str, Type]:
    """Return the type variables of the signature that the arguments decide."""
    solved: dict[str, Type] = {}
    frame = evaluator.definition_frame(function)
    if receiver is not None and skip:
        first = [*function.node.args.posonlyargs, *function.node.args.args][:1]
        if first and first[0].annotation is not None:
            unify(evaluator, evaluator.annotation(first[0].annotation, frame), receiver, solved)
    for parameter, value in (assigned(function.node.args, arguments, skip) or {}).items():
        if parameter.annotation is None:
            continue
        wanted = evaluator.annotation(parameter.annotation, frame)
        if variables(wanted):
            unify(evaluator, wanted, arguments.type_of(evaluator, value), solved)
    return solved


def unify(evaluator: Evaluator, wanted: Type, given: Type, solved: dict[str, Type]) -> None:
    """Match a parameter's type with an argument's, one level of protocol at a time."""
    if isinstance(given, Unknown):
        return
    # A variable stands for a type: of `box(1)` it is `int`, not this one number.
    if isinstance(given, Literal):
        given = given.type
    match wanted:
        case TypeVariable(name):
            if given == wanted:
                return
            # `choose(first, second)` with one variable for both gives either.
            solved[name] = join([solved[name], given]) if name in solved else given
        case Union(items):
            _union(evaluator, items, given, solved)
        case Callable(result):
            if isinstance(
                given,
                FunctionType
                | LambdaType
                | OverloadedType
                | PartialType
                | ClassType
                | Callable
                | StaticMethod
                | Instance,
            ):
                unify(evaluator, result, evaluator.returned(given, None, None), solved)
        case TupleType(items) if isinstance(given, TupleType) and len(items) == len(given.items):
            for item, other in zip(items, given.items, strict=True):
                unify(evaluator, item, other, solved)
        case ClassOf(variable):
            if isinstance(given, ClassType):
                unify(evaluator, variable, Instance(given.cls, given.args), solved)
            elif isinstance(given, ClassOf):
                unify(evaluator, variable, given.of, solved)
            elif isinstance(given, External) and not given.instance:
                unify(evaluator, variable, External(given.name, True), solved)
        case ClassType(_, args) if isinstance(given, ClassType):
            for arg, other in zip(args, given.args, strict=False):
                unify(evaluator, arg, other, solved)
        case Instance(cls, args) if args:
            _instance(evaluator, cls.name, cls, args, given, solved)


def _union(evaluator: Evaluator, items: tuple[Type, ...], given: Type, solved: dict[str, Type]) -> None:
    # Of `T | list[T]`, what has a structure goes first: the bare variable would take everything.
    structured = [item for item in items if not isinstance(item, TypeVariable | NoneType)]
    for one in options(given):
        before = dict(solved)
        for wanted in structured:
            unify(evaluator, wanted, one, solved)
        if solved == before:
            for variable in items:
                if isinstance(variable, TypeVariable):
                    unify(evaluator, variable, one, solved)


def _instance(
    evaluator: Evaluator, name: str, cls: Class, args: tuple[Type, ...], given: Type, solved: dict[str, Type]
) -> None:
    if isinstance(given, Instance):
        for base in evaluator.order(given.cls).bases:
            if base.cls.full_name == cls.full_name:
                own = dict(zip(evaluator.class_parameters(given.cls), given.args, strict=False))
                for arg, parameter in zip(args, evaluator.class_parameters(cls), strict=False):
                    unify(evaluator, arg, substitute(base.arguments.get(parameter, Unknown()), own), solved)
                return
    if name in ("Awaitable", "Coroutine", "Future", "Generator"):
        if name != "Generator":
            unify(evaluator, args[-1], evaluator.awaited(given), solved)
    elif name in _ITERABLES:
        unify(evaluator, args[0], evaluator.element(given, False), solved)
    elif name in _ASYNC_ITERABLES:
        unify(evaluator, args[0], evaluator.element(given, True), solved)
    elif name in ("AbstractContextManager", "ContextManager"):
        unify(evaluator, args[0], evaluator.entered(given, False), solved)
    elif name in ("AbstractAsyncContextManager", "AsyncContextManager"):
        unify(evaluator, args[0], evaluator.entered(given, True), solved)
    elif is_protocol(cls):
        _protocol(evaluator, cls, args, given, solved)


def _protocol(evaluator: Evaluator, cls: Class, args: tuple[Type, ...], given: Type, solved: dict[str, Type]) -> None:
    """Match what the methods of a protocol return with what those of the argument do."""
    own = dict(zip(evaluator.class_parameters(cls), args, strict=False))
    for name, bindings in cls.table.items():
        method = bindings[0].definition
        if isinstance(method, Function) and method.node.returns is not None:
            wanted = substitute(evaluator.declared_return(method), own)
            if variables(wanted):
                frame = evaluator.definition_frame(method)
                plain = [*method.node.args.posonlyargs, *method.node.args.args][1:]
                passed = [
                    UNKNOWN if parameter.annotation is None else evaluator.annotation(parameter.annotation, frame)
                    for parameter in plain
                ]
                unify(evaluator, wanted, evaluator.returned(evaluator.attribute(given, name), passed, None), solved)


def call_annotated(evaluator: Evaluator, callee: Callable, arguments: Arguments) -> Type:
    """Return what calling something annotated `Callable[[F], F]` gives."""
    if not callee.parameters or not variables(callee.result):
        return callee.result
    solved: dict[str, Type] = {}
    for wanted, value in zip(callee.parameters, arguments.positional, strict=False):
        unify(evaluator, wanted, arguments.type_of(evaluator, value), solved)
    return substitute(callee.result, solved)
