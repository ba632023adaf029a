"""What declarations say that a coroutine cannot be: the classes of parameters, of variables and of attributes."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from async_lint.inference.callables import argument_forwarding
from async_lint.inference.questions.arguments import Arguments, of_call
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Binding, Class, Function
from async_lint.inference.types.scope import class_scope, definition_scope, function_scope
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import (
    ClassType,
    Coroutine,
    External,
    Frame,
    FunctionType,
    Instance,
    Literal,
    NoneType,
    OverloadedType,
    SpecialForm,
    TupleType,
    Type,
    TypeVariable,
    Union,
    Unknown,
)

# Modules whose classes say what a thing can do, not what it is.
_STRUCTURAL = frozenset({"typing", "typing_extensions", "collections.abc", "_collections_abc", "_typeshed", "types"})
# Those of them whose methods a coroutine has not.
_LACKING = frozenset(
    ["AbstractSet", "AsyncGenerator", "AsyncIterable", "AsyncIterator", "Buffer", "ByteString", "Collection"]
    + ["Container", "Iterable", "Iterator", "Mapping", "MutableMapping", "MutableSequence", "MutableSet", "Reversible"]
    + ["Sequence", "Set", "Sized"]
)
# What generators are declared to give: first what they yield.
_GENERATORS = frozenset({"AsyncGenerator", "AsyncIterable", "AsyncIterator", "Generator", "Iterable", "Iterator"})
# What an asynchronous generator is as well.
_ASYNCHRONOUS = frozenset({"AsyncGenerator", "AsyncIterable", "AsyncIterator"})
_ANYTHING = frozenset(
    {"builtins.object", "asyncio.futures.Future", "asyncio.tasks.Task", "_asyncio.Future", "_asyncio.Task"}
)
_UNPACK = re.compile(r"(?:[\w.]+\.)?Unpack\[")
_WRAPPERS = 4  # functions that hand an argument on
_AWAITABLE = re.compile("await|async|corout|future|task|deferred|promise", re.IGNORECASE)


class Declared(NamedTuple):
    """A declaration that no coroutine fits: `text` is what stands behind the colon, for messages.

    `any_awaitable` when no other awaitable fits it either, `async_generator` when an asynchronous generator does.
    """

    name: str
    text: str
    any_awaitable: bool = False
    async_generator: bool = False


def of_parameter(evaluator: Evaluator, call: ast.Call, argument: ast.expr, frame: Frame) -> Declared | None:
    """Return what the parameter that an argument is for is declared, when a coroutine can be no such thing."""
    return _of_callee(evaluator, evaluator.evaluate(call.func, frame), of_call(call, frame), argument, _WRAPPERS)


def _of_callee(
    evaluator: Evaluator, callee: Type, arguments: Arguments, value: ast.expr, depth: int
) -> Declared | None:
    if isinstance(callee, OverloadedType):
        declarations = [_of_function(evaluator, overload, arguments, value, depth) for overload in callee.items]
        # One overload that takes it is enough for the call to be right.
        return declarations[0] if all(declarations) else None
    if isinstance(callee, FunctionType):
        return _of_function(evaluator, callee, arguments, value, depth)
    if not isinstance(callee, ClassType):
        return None
    init = evaluator.class_member(callee.cls, "__init__")
    if isinstance(init, FunctionType) and init.function.owner is not None and init.function.owner.name != "object":
        declared = _of_function(evaluator, FunctionType(init.function, Instance(callee.cls)), arguments, value, depth)
        # `**data` may well be the fields, as `pydantic.BaseModel` has it.
        if declared is not None or not init.function.node.args.kwarg:
            return declared
    keyword = next((name for name, argument in arguments.named.items() if argument is value), None)
    return _of_field(evaluator, callee.cls, keyword) if keyword is not None else None


def of_target(evaluator: Evaluator, target: ast.expr, frame: Frame) -> Declared | None:
    """Return what an attribute is declared in its class, when a coroutine can be no such thing."""
    owner = evaluator.evaluate(target.value, frame) if isinstance(target, ast.Attribute) else None
    if not isinstance(target, ast.Attribute) or not isinstance(owner, Instance):
        return None
    return _of_field(evaluator, owner.cls, target.attr)


def of_annotation(evaluator: Evaluator, name: str, annotation: ast.expr, frame: Frame) -> Declared | None:
    """Return what a variable is declared, when a coroutine can be no such thing."""
    declared = evaluator.annotation(annotation, frame)
    if not _excludes(evaluator, declared):
        return None
    return Declared(
        name,
        _text(annotation),
        any_awaitable=all(_is_value(evaluator, option) for option in options(declared)),
        async_generator=any(_is_asynchronous(option) for option in options(declared)),
    )


def of_yield(evaluator: Evaluator, frame: Frame) -> Declared | None:
    """Return what a generator is declared to give, when a coroutine can be no such thing."""
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    returns = function.node.returns if function is not None else None
    if function is None or not isinstance(returns, ast.Subscript):
        return None
    around = definition_scope(function)
    given_by = evaluator.annotation(returns, around)
    if not isinstance(given_by, Instance) or given_by.cls.module.name not in _STRUCTURAL:
        return None
    if given_by.cls.name not in _GENERATORS:
        return None
    given = returns.slice.elts[0] if isinstance(returns.slice, ast.Tuple) else returns.slice
    return of_annotation(evaluator, function.name, given, around)


def rules_out(evaluator: Evaluator, classes: ast.expr, frame: Frame) -> bool:
    """Whether nothing that is an instance of one of these classes, as `isinstance` takes them, is a coroutine."""
    value = evaluator.evaluate(classes, frame)
    return all(_is_another(evaluator, cls) for cls in (value.items if isinstance(value, TupleType) else (value,)))


def promises_awaitable(evaluator: Evaluator, function: Function) -> bool:
    """Whether a function is annotated to return an awaitable, or something unknown that is called like one."""
    written = function.node.returns
    if written is None:
        return False
    promised = evaluator.declared_return(function)
    if isinstance(promised, TypeVariable):
        promised = promised.bound or promised
    return any(_may_be_awaited(evaluator, option, written) for option in options(promised))


def _may_be_awaited(evaluator: Evaluator, declared: Type, written: ast.expr) -> bool:
    match declared:
        case Coroutine():
            return True
        case Instance(cls):
            if evaluator.defines(cls, "__await__"):
                return True
            return bool(evaluator.order(cls).missing) and _AWAITABLE.search(cls.name) is not None
        case Unknown() | External():
            return _AWAITABLE.search(ast.unparse(written)) is not None
    return False


def _is_another(evaluator: Evaluator, cls: Type) -> bool:
    if isinstance(cls, External):
        return _AWAITABLE.search(cls.name.rpartition(".")[2]) is None
    return isinstance(cls, ClassType) and _excludes(evaluator, Instance(cls.cls))


def _of_function(
    evaluator: Evaluator, callee: FunctionType, arguments: Arguments, value: ast.expr, depth: int
) -> Declared | None:
    parameter = argument_forwarding.parameter(callee, arguments, value)
    if parameter is None:
        return None
    declared = None
    if parameter.annotation is not None and not _is_spread(parameter.annotation):
        declared = of_annotation(
            evaluator, parameter.arg, parameter.annotation, evaluator.definition_frame(callee.function)
        )
    node = callee.function.node.args
    if declared is None and parameter in (node.vararg, node.kwarg) and depth > 0:
        further = argument_forwarding.onward(evaluator, callee, arguments)
        declared = _of_callee(evaluator, *further, value, depth - 1) if further is not None else None
    return declared


def _is_spread(annotation: ast.expr) -> bool:
    """Whether it is what all of `*args` are declared together: `*args: *tuple[int, str]`, `Unpack[...]`."""
    return isinstance(annotation, ast.Starred) or _UNPACK.match(_written(annotation)) is not None


def _of_field(evaluator: Evaluator, cls: Class, name: str) -> Declared | None:
    for base in evaluator.order(cls).bases:
        for binding, frame in _declarations(base.cls, name):
            assert binding.annotation is not None
            return of_annotation(evaluator, name, binding.annotation, frame)
        # Bound there without a declaration, it hides what the bases declare.
        if name in base.cls.table or name in base.cls.attributes:
            return None
    return None


def _declarations(cls: Class, name: str) -> Iterator[tuple[Binding, Frame]]:
    for binding in cls.table.get(name, ()):
        if binding.annotation is not None:
            yield binding, class_scope(cls)
    for function, binding in cls.attributes.get(name, ()):
        if binding.annotation is not None:
            yield binding, function_scope(function)


def _excludes(evaluator: Evaluator, declared: Type) -> bool:
    """Whether no coroutine is of that type: a class says so by its name alone, unless it is one of abilities."""
    match declared:
        case Union(items):
            return all(_excludes(evaluator, item) for item in items)
        case NoneType() | Literal() | TupleType():
            return True
        case Instance(cls) if cls.module.name in _STRUCTURAL and cls.name in _LACKING:
            return True
        case Instance(cls):
            # The first is the class itself: what implements a protocol is a class like any other. With a
            # `__subclasshook__`, `isinstance` is true of whatever has the methods.
            bases = evaluator.order(cls).bases
            return not any(_is_structural(evaluator, base.cls) for base in bases[:1]) and not evaluator.defines(
                cls, "__subclasshook__"
            )
    return False


def _is_value(evaluator: Evaluator, declared: Type) -> bool:
    """Whether nothing that has the type, one that excludes coroutines, can be awaited."""
    if not isinstance(declared, Instance):
        return True
    if declared.cls.module.name in _STRUCTURAL:
        return False
    classes = (declared.cls, *(evaluator.heirs.of(declared.cls) or ()))
    return not any(evaluator.order(cls).missing or evaluator.defines(cls, "__await__") for cls in classes)


def _is_asynchronous(declared: Type) -> bool:
    """Whether an asynchronous generator has the type."""
    if not isinstance(declared, Instance):
        return False
    return declared.cls.module.name in _STRUCTURAL and declared.cls.name in _ASYNCHRONOUS


def _is_structural(evaluator: Evaluator, cls: Class) -> bool:
    if cls.module.name in _STRUCTURAL or cls.full_name in _ANYTHING:
        return True
    scope = class_scope(cls).parent
    assert scope is not None
    bases = (base.value if isinstance(base, ast.Subscript) else base for base in cls.node.bases)
    return any(evaluator.evaluate(base, scope) == SpecialForm("Protocol") for base in bases)


def _text(annotation: ast.expr) -> str:
    text = _written(annotation)
    return text if len(text) <= 40 else text[:37] + "..."


def _written(annotation: ast.expr) -> str:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value
    return ast.unparse(annotation)
