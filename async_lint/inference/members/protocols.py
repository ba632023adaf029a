"""What awaiting, entering, iterating and subscripting give."""

import ast

from async_lint.inference.names.records import as_tuple
from async_lint.inference.questions.arguments import Arguments
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.unions import join, options
from async_lint.inference.types.values import (
    NOTHING_YET,
    UNKNOWN,
    AsyncGenerator,
    ClassType,
    Coroutine,
    External,
    Frame,
    Instance,
    Literal,
    NoneType,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
    unknown,
)


def awaited(evaluator: Evaluator, value: Type) -> Type:
    """Return what `await value` gives."""
    match value:
        case Coroutine(result):
            return result
        case Instance(cls, args):
            if cls.full_name in ("typing.Awaitable", "typing.Coroutine"):
                return args[-1] if args else UNKNOWN
            given = evaluator.returned(evaluator.attribute(value, "__await__"), [], None)
            # `Generator[yielded, sent, returned]`: `await` gives what `__await__` returns in the end.
            if isinstance(given, Instance) and given.cls.name == "Generator" and len(given.args) == 3:
                return given.args[2]
            return UNKNOWN
        case Union():
            return join([awaited(evaluator, option) for option in options(value)]) if options(value) else UNKNOWN
        # It keeps the name of what made it, by which rules know a library that is not installed.
        case External(_, True):
            return value
        case TypeVariable(_, bound) if bound is not None:
            return awaited(evaluator, bound)
    return UNKNOWN


def entered(evaluator: Evaluator, value: Type, is_async: bool) -> Type:
    """Return what `with value as x` binds; `async with` where `is_async`."""
    match value:
        case Instance():
            method = evaluator.attribute(value, "__aenter__" if is_async else "__enter__")
            given = evaluator.returned(method, [], None)
            result = awaited(evaluator, given) if is_async else given
            # A `Self` that nothing has decided is the manager.
            return value if isinstance(result, TypeVariable) and result.name == "Self" else result
        case External(_, True):
            # Nearly every context manager that is a class of its own gives itself.
            return value
        case Union():
            return (
                join([entered(evaluator, option, is_async) for option in options(value)]) if options(value) else UNKNOWN
            )
        case TypeVariable(_, bound) if bound is not None:
            return entered(evaluator, bound, is_async)
    return unknown("what it is entered as is not known")


def element(evaluator: Evaluator, value: Type, is_async: bool, direct: bool = False) -> Type:
    """Return what iterating over `value` gives; `direct` skips `__iter__`, for what is an iterator already."""
    value = as_tuple(evaluator, value)
    match value:
        case TupleType(items):
            return join(items) if items else UNKNOWN
        case AsyncGenerator(item):
            return item if is_async else UNKNOWN
        case Literal(_, made):
            return element(evaluator, made, is_async)
        case Instance(cls, args):
            # Asked first, as the most common by far: `__iter__` and `__next__` would say the same, at more cost.
            simple = _SIMPLE.get(cls.full_name)
            if simple is not None and len(args) > simple:
                return args[simple]
            iterator = evaluator.returned(evaluator.attribute(value, "__aiter__" if is_async else "__iter__"), [], None)
            if isinstance(iterator, AsyncGenerator) and is_async:
                return iterator.item
            if isinstance(iterator, Instance):
                known = _SIMPLE.get(iterator.cls.full_name)
                if known is not None and len(iterator.args) > known:
                    return iterator.args[known]
                given = evaluator.returned(
                    evaluator.attribute(iterator, "__anext__" if is_async else "__next__"), [], None
                )
                return awaited(evaluator, given) if is_async else given
            return UNKNOWN
        case ClassType(cls) if evaluator.is_enum(cls):
            return Instance(cls)
        case Union():
            # `found or []`: an empty container has no items.
            several = [
                option
                for option in options(value)
                if not (isinstance(option, Instance) and any(one is NOTHING_YET for one in option.args))
            ]
            return join([element(evaluator, option, is_async) for option in several]) if several else UNKNOWN
        case TypeVariable(_, bound) if bound is not None:
            return element(evaluator, bound, is_async)
        case External(name):
            return External(f"{name}[]", True)
    return unknown("what it is iterated for is not known")


# Which type argument the items are.
_SIMPLE = {
    "builtins.list": 0, "builtins.tuple": 0, "builtins.set": 0, "builtins.frozenset": 0, "builtins.dict": 0,
    "typing.Iterator": 0, "typing.Iterable": 0, "typing.Sequence": 0, "typing.Generator": 0,
    "typing.AsyncIterator": 0, "typing.AsyncIterable": 0, "typing.AsyncGenerator": 0, "typing.Mapping": 0,
    "typing.Collection": 0,
}  # fmt: skip


def subscript(evaluator: Evaluator, value: Type, index: ast.expr, frame: Frame) -> Type:
    """Return what `value[index]` gives."""
    value = as_tuple(evaluator, value)
    match value:
        case TupleType(items):
            position = _number(index)
            if position is not None and -len(items) <= position < len(items):
                return items[position]
            return join(items) if items and not isinstance(index, ast.Slice) else UNKNOWN
        case Instance(cls, args):
            if cls.full_name == "builtins.dict" and len(args) == 2:
                return args[1]
            if cls.full_name == "builtins.list" and args:
                return value if isinstance(index, ast.Slice) else args[0]
            keyed = _typed_dict(evaluator, value, index)
            if keyed is not None:
                return keyed
            return evaluator.call(evaluator.attribute(value, "__getitem__"), Arguments([index], {}, frame))
        case Union():
            return (
                join([subscript(evaluator, option, index, frame) for option in options(value)])
                if options(value)
                else UNKNOWN
            )
        case External(name):
            return External(f"{name}[]", True)
        case NoneType() | Unknown():
            return value if isinstance(value, Unknown) else UNKNOWN
    return unknown("what the subscript gives is not known")


def _number(index: ast.expr) -> int | None:
    if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub) and isinstance(index.operand, ast.Constant):
        return -index.operand.value if isinstance(index.operand.value, int) else None
    return index.value if isinstance(index, ast.Constant) and isinstance(index.value, int) else None


def _typed_dict(evaluator: Evaluator, value: Instance, index: ast.expr) -> Type | None:
    if isinstance(index, ast.Constant) and isinstance(index.value, str):
        for base in evaluator.order(value.cls).bases:
            bindings = base.cls.table.get(index.value)
            if bindings and evaluator.is_typed_dict(base.cls) and bindings[0].annotation is not None:
                return evaluator.annotation(bindings[0].annotation, evaluator.class_scope(base.cls))
    return None
