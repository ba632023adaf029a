"""Functions as stubs: what calling them gives, and of their parameters what decides that."""

import ast
from collections.abc import Iterator

from async_lint.inference.kinds.kinds import kind
from async_lint.inference.syntax.binding import Function
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.values import (
    Callable,
    ClassMethod,
    ClassType,
    Coroutine,
    Frame,
    FunctionType,
    Instance,
    LambdaType,
    Literal,
    OverloadedType,
    PropertyType,
    StaticMethod,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
)
from tools.stub_types import StubTypes

# Their parameters are asked for: what a class is made of, what may be passed as a callback.
_WHOLE = frozenset({"__init__", "__new__", "__call__"})
_ANYTHING = "_"


def functions(types: StubTypes, name: str, found: Type, decorators: tuple[str, ...] = ()) -> Iterator[ast.stmt]:
    """Yield the stubs of a function of any kind: a statement, or one an overload."""
    match found:
        case FunctionType(function, frame=Frame()) if isinstance(
            given := types.evaluator.returned(found, None, None), Coroutine
        ):
            # The wrapper that a decorator made around this very function.
            yield from _callable(types, name, given, decorators)
        case FunctionType(function):
            yield _function(types, name, function, decorators)
        case OverloadedType(items):
            overload = types.special("overload")
            for each in items:
                yield _function(types, name, each.function, (*decorators, overload))
        case PropertyType(getter):
            yield from functions(types, name, getter, (*decorators, "property"))
        case StaticMethod(inner):
            kept = decorators if name == "__new__" else (*decorators, "staticmethod")
            yield from functions(types, name, inner, kept)
        case ClassMethod(inner):
            yield from functions(types, name, inner, (*decorators, "classmethod"))
        case Callable(result):
            yield from _callable(types, name, result, decorators)
        case LambdaType():
            yield from _callable(types, name, types.evaluator.returned(found, None, None), decorators)


def _callable(types: StubTypes, name: str, result: Type, decorators: tuple[str, ...]) -> Iterator[ast.stmt]:
    first = "" if not decorators or "staticmethod" in decorators else "self, "
    head = "".join(f"@{each}\n" for each in decorators)
    is_async = isinstance(result, Coroutine)
    given = types.render(result.result if isinstance(result, Coroutine) else result)
    yield from ast.parse(f"{head}{'async ' if is_async else ''}def {name}({first}*{_ANYTHING}) -> {given}: ...").body


def _function(types: StubTypes, name: str, function: Function, decorators: tuple[str, ...]) -> ast.stmt:
    is_async, result = _result(types, function)
    made = ast.parse(f"{'async ' if is_async else ''}def {name}(): ...").body[0]
    assert isinstance(made, ast.FunctionDef | ast.AsyncFunctionDef)
    made.args = _arguments(types, function, name in _WHOLE or types.special("overload") in decorators)
    made.decorator_list = [ast.parse(each, mode="eval").body for each in decorators]
    text = types.render(result)
    if text != types.any:
        made.returns = ast.parse(text, mode="eval").body
    return made


def _result(types: StubTypes, function: Function) -> tuple[bool, Type]:
    """Return whether the stub is an `async def`, and what its annotation says."""
    evaluator = types.evaluator
    declared = evaluator.declared_return(function) if function.node.returns is not None else Unknown()
    if function.is_generator:
        if not isinstance(declared, Unknown):
            return False, declared
        generator = "AsyncGenerator" if function.is_async else "Generator"
        return False, evaluator.typing(generator, Unknown(), Unknown(), Unknown())
    if isinstance(declared, Unknown) and not function.module.is_stub:
        declared = evaluator.inferred_return(function)
        if function.node.returns is not None and not function.is_async and kind(evaluator, declared) is Kind.VALUE:
            declared = Unknown()
    if kind(evaluator, declared) is Kind.AWAITABLE and not (function.is_async or function.module.is_stub):
        # A body that gives a future has begun the work, whatever is promised.
        inferred = evaluator.inferred_return(function)
        declared = inferred if kind(evaluator, inferred) is Kind.TASK else declared
    return function.is_async, declared


def _arguments(types: StubTypes, function: Function, whole: bool) -> ast.arguments:
    """Return the parameters where they decide something, else the receiver alone."""
    given = function.node.args
    scope = types.evaluator.definition_frame(function)

    def bare(each: ast.arg) -> ast.arg:
        return ast.arg(each.arg, _parameter(types, each, scope))

    made = ast.arguments(
        [bare(each) for each in given.posonlyargs],
        [bare(each) for each in given.args],
        bare(given.vararg) if given.vararg else None,
        [bare(each) for each in given.kwonlyargs],
        [None if each is None else ast.Constant(...) for each in given.kw_defaults],
        bare(given.kwarg) if given.kwarg else None,
        [ast.Constant(...) for _ in given.defaults],
    )
    every = [*made.posonlyargs, *made.args, *made.kwonlyargs, *filter(None, (made.vararg, made.kwarg))]
    if whole or any(each.annotation is not None for each in every):
        return made
    receiver = [*made.posonlyargs, *made.args][: function.owner is not None]
    left = len(every) > len(receiver)
    return ast.arguments([], receiver, ast.arg(_ANYTHING) if left else None, [], [], None, [])


def _parameter(types: StubTypes, each: ast.arg, scope: Frame) -> ast.expr | None:
    """Keep the annotations that decide something: type variables, callables, literals."""
    if each.annotation is None:
        return None
    found = types.evaluator.annotation(each.annotation, scope)
    # Overloads tell receivers apart by `self`.
    if each.arg == "self" or _decides(found):
        return ast.parse(types.render(found), mode="eval").body
    return None


def _decides(found: Type) -> bool:
    match found:
        case TypeVariable() | Callable() | Coroutine() | Literal():
            return True
        case Instance(_, items) | ClassType(_, items) | TupleType(items) | Union(items):
            return any(_decides(each) for each in items)
    return False
