"""What calling a class gives: an instance, its type arguments decided by the constructor, or what `__new__` says."""

from async_lint.inference.calls.generics import solve, unify
from async_lint.inference.calls.overloads import candidates
from async_lint.inference.questions.arguments import Arguments, refuses
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class
from async_lint.inference.types.type_variables import substitute, variables
from async_lint.inference.types.values import (
    UNKNOWN,
    ClassType,
    Coroutine,
    External,
    FunctionType,
    Instance,
    OverloadedType,
    StaticMethod,
    TupleType,
    Type,
    TypeVariable,
    Unknown,
    unknown,
)


def construct(evaluator: Evaluator, callee: ClassType, arguments: Arguments) -> Type:
    """Return what calling the class gives."""
    cls = callee.cls
    if cls.module.is_library and any(
        is_of_another_version(constructor, arguments)
        for constructor in _constructors(evaluator, cls, "__init__", Instance(cls, callee.args), arguments)
    ):
        # What is known of another version of the library is not believed, but for the name.
        return External(cls.full_name, True)
    for function in _constructors(evaluator, cls, "__new__", callee, arguments):
        if function.function.node.returns is not None and function.function.owner is not None:
            solved = solve(evaluator, function.function, arguments, 1)
            given = substitute(evaluator.declared_return(function.function), {"Self": TypeVariable("Self"), **solved})
            # Python then calls no `__init__`: https://docs.python.org/3/reference/datamodel.html#object.__new__
            if isinstance(given, Coroutine | TupleType) or (
                isinstance(given, Instance) and not evaluator.is_subclass(given.cls, cls)
            ):
                return _closed(given)
            if (
                isinstance(given, Instance)
                and given.cls is cls
                and given.args
                and not callee.args
                and not variables(given)
            ):
                return given
    if callee.args or not evaluator.class_parameters(cls):
        return Instance(cls, callee.args)
    return _generic(evaluator, cls, arguments)


def is_of_another_version(callee: FunctionType, arguments: Arguments) -> bool:
    """Whether the bundled knowledge of a library is of a version that the call was not written for."""
    function = callee.function
    return function.module.is_library and refuses(function.node.args, arguments, 0 if callee.bound is None else 1)


def _constructors(evaluator: Evaluator, cls: Class, name: str, bound: Type, arguments: Arguments) -> list[FunctionType]:
    method = evaluator.class_member(cls, name)
    if isinstance(method, StaticMethod):
        method = method.function
    items = (
        method.items if isinstance(method, OverloadedType) else (method,) if isinstance(method, FunctionType) else ()
    )
    taken = [FunctionType(item.function, bound, item.frame) for item in items]
    return candidates(evaluator, taken, arguments)[:1] if len(taken) > 1 else taken


def _closed(given: Type) -> Type:
    return substitute(given, dict.fromkeys(variables(given), unknown("a type variable that no argument decides")))


def _generic(evaluator: Evaluator, cls: Class, arguments: Arguments) -> Type:
    """Return the instance with the type arguments that `__init__`, else `__new__`, is seen to be given."""
    names = evaluator.class_parameters(cls)
    own = Instance(cls, tuple(TypeVariable(name) for name in names))
    for constructor in ("__init__", "__new__"):
        for function in _constructors(evaluator, cls, constructor, own, arguments):
            solved = _of_heir(evaluator, cls, function, solve(evaluator, function.function, arguments, 1, own))
            if any(name in solved for name in names):
                return Instance(cls, tuple(_known(solved.get(name, UNKNOWN), name) for name in names))
    return Instance(cls, (UNKNOWN,) * len(names))


def _known(value: Type, name: str) -> Type:
    return UNKNOWN if value == TypeVariable(name) or isinstance(value, Unknown) else value


def _of_heir(evaluator: Evaluator, cls: Class, function: FunctionType, solved: dict[str, Type]) -> dict[str, Type]:
    """Return the type variables of the class itself, where it inherits its constructor."""
    owner = function.function.owner
    if owner is cls or owner is None:
        return _of_self(evaluator, cls, function, solved)
    own: dict[str, Type] = {}
    for base in evaluator.order(cls).bases:
        if base.cls is owner:
            for name, value in solved.items():
                if name in base.arguments:
                    unify(evaluator, base.arguments[name], value, own)
    return own


def _of_self(evaluator: Evaluator, cls: Class, function: FunctionType, solved: dict[str, Type]) -> dict[str, Type]:
    """Let the annotation of `self` speak: `self: dict[str, V]`."""
    first = [*function.function.node.args.posonlyargs, *function.function.node.args.args][:1]
    if first and first[0].annotation is not None:
        declared = evaluator.annotation(first[0].annotation, evaluator.definition_frame(function.function))
        if isinstance(declared, Instance) and declared.cls is cls:
            given = (substitute(arg, solved) for arg in declared.args)
            return dict(zip(evaluator.class_parameters(cls), given, strict=False))
    return solved
