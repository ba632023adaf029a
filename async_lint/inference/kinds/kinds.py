"""From what a call returns to the kind that rules ask for."""

import ast

from async_lint.inference.kinds.lazy import FUTURES, run_by_await
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, form
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.values import (
    AsyncGenerator,
    ClassType,
    Coroutine,
    FunctionType,
    Instance,
    Literal,
    NoneType,
    PartialType,
    TupleType,
    Type,
    Union,
)

_COROUTINES = frozenset({"typing.Coroutine", "types.CoroutineType"})
_MERE = _COROUTINES | {"typing.Awaitable"}

# What is annotated so may be awaitable besides: the request of an HTTP client.
_ABSTRACT_MANAGERS = frozenset({"contextlib.AbstractContextManager", "contextlib.AbstractAsyncContextManager"})
# In the bundled knowledge, the mark of a class whose `__await__` was seen to start the work.
LAZY = "__lazy_await__"


def kind(evaluator: Evaluator, of: Type) -> Kind:
    match of:
        case Coroutine():
            return Kind.COROUTINE
        case AsyncGenerator():
            return Kind.ASYNC_GENERATOR
        case Instance():
            return _of_instance(evaluator, of)
        case NoneType() | Literal() | TupleType() | ClassType() | PartialType():
            return Kind.VALUE
        case Union(items):
            kinds = {kind(evaluator, item) for item in items}
            if len(kinds) == 1:
                return kinds.pop()
            if kinds == {Kind.COROUTINE, Kind.AWAITABLE}:
                return Kind.AWAITABLE
    return Kind.UNKNOWN


def is_no_coroutine(evaluator: Evaluator, of: Type) -> bool:
    """Whether it does something without being awaited: no part of it may be a coroutine or a lazy awaitable."""
    if isinstance(of, Union):
        return all(is_no_coroutine(evaluator, item) for item in of.items)
    its_kind = kind(evaluator, of)
    return its_kind in (Kind.VALUE, Kind.TASK) or (
        its_kind is Kind.UNKNOWN and isinstance(of, Instance) and evaluator.defines(of.cls, "__await__")
    )


def _of_instance(evaluator: Evaluator, of: Instance) -> Kind:
    name = of.cls.full_name
    if name in _COROUTINES:
        return Kind.COROUTINE
    if name == "typing.Awaitable":
        return Kind.AWAITABLE
    if name in ("typing.AsyncGenerator", "types.AsyncGeneratorType"):
        return Kind.ASYNC_GENERATOR
    # Of `typing`, behind whose other names anything may stand: a generator is a generator.
    if name == "typing.Generator":
        return Kind.VALUE
    if name in _ABSTRACT_MANAGERS:
        return Kind.UNKNOWN
    if name == "contextlib._AsyncGeneratorContextManager":
        return Kind.ASYNC_CONTEXT
    order = evaluator.order(of.cls)
    # Before `__await__`, which futures have as well: their work goes on without it.
    if any(base.cls.full_name in FUTURES for base in order.bases):
        return Kind.TASK
    if evaluator.defines(of.cls, "__await__"):
        return Kind.AWAITABLE if _is_lazy(evaluator, of) else Kind.UNKNOWN
    # A base that was not found may have the `__await__`.
    if order.missing or evaluator.defines(of.cls, "__getattr__") or is_protocol(of.cls):
        return Kind.UNKNOWN
    return Kind.VALUE


def is_mere(of: Type) -> bool:
    """Whether it is an awaitable that is of no use but to be awaited, as far as types tell."""
    match of:
        case Coroutine():
            return True
        case Instance(cls):
            return cls.full_name in _MERE
        case Union(items):
            return all(map(is_mere, items))
    return False


def is_protocol(cls: Class) -> bool:
    """Whether anything may stand behind it: a protocol or an abstract base class of `typing`."""
    bases = (base.value if isinstance(base, ast.Subscript) else base for base in cls.node.bases)
    return cls.module.name in ("typing", "collections.abc", "_typeshed") or any(
        form(base) == "Protocol" for base in bases
    )


def _is_lazy(evaluator: Evaluator, of: Instance) -> bool:
    """Whether `__await__` starts the work: it awaits a coroutine that nobody has started."""
    if evaluator.defines(of.cls, LAZY):
        return True
    method = evaluator.class_member(of.cls, "__await__")
    if isinstance(method, FunctionType) and method.function.owner is not None and is_protocol(method.function.owner):
        return True  # it says no more than `Awaitable`
    awaited = run_by_await(evaluator, of.cls)
    return awaited is not None and kind(evaluator, awaited) in (Kind.COROUTINE, Kind.AWAITABLE)
