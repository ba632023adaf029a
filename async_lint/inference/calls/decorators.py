"""What decorators make of a function."""

import ast

from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.arguments import Arguments
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function
from async_lint.inference.types.values import (
    UNKNOWN,
    AsyncGenerator,
    Callable,
    ClassMethod,
    ClassType,
    Coroutine,
    Frame,
    FunctionType,
    Instance,
    OverloadedType,
    PropertyType,
    StaticMethod,
    Type,
    Unknown,
    unknown,
)

# Decorators after which calling the function gives what it gave before.
_TRANSPARENT = frozenset({
    "abc.abstractmethod", "asyncio.coroutine", "atexit.register", "functools.cache", "functools.lru_cache",
    "functools.singledispatch", "functools.singledispatchmethod", "functools.wraps", "typing.final",
    "typing.no_type_check", "typing.overload", "typing.override", "typing.runtime_checkable",
    "typing_extensions.final", "typing_extensions.overload", "typing_extensions.override",
    "typing_extensions.deprecated", "warnings.deprecated", "unittest.case.skip", "unittest.case.skipIf",
    "unittest.case.skipUnless", "unittest.case.expectedFailure", "typing.type_check_only",
})  # fmt: skip
_PROPERTIES = frozenset(
    {"builtins.property", "functools.cached_property", "abc.abstractproperty", "types.DynamicClassAttribute"}
)
_MANAGERS = {
    "contextlib.asynccontextmanager": ("_AsyncGeneratorContextManager", True),
    "contextlib.contextmanager": ("_GeneratorContextManager", False),
}


def decorated(evaluator: Evaluator, function: Type, decorators: list[ast.expr], frame: Frame) -> Type:
    """Return the function as its name sees it; the last decorator in the list is applied first."""
    made = function
    for node in reversed(decorators):
        made = _apply(evaluator, made, node, frame)
        if isinstance(made, Unknown):
            return unknown(f"the decorator `{ast.unparse(node)[:60]}` decides what it is")
    return made


def below(evaluator: Evaluator, decorator: ast.expr, name: str, frame: Frame) -> Type:
    """Return what one of the decorators of the function `name` gets: the function with those below it applied."""
    table = frame.cls.table if frame.cls is not None else frame.module.table
    if frame.function is not None:
        table = body_of(frame.function).table
    for definition in (binding.definition for binding in table.get(name, ())):
        listed = definition.node.decorator_list if isinstance(definition, Function) else []
        for index, node in enumerate(listed):
            if node is decorator and isinstance(definition, Function):
                plain = FunctionType(definition, None, frame if frame.enclosing_function() is not None else None)
                made = decorated(evaluator, plain, listed[index + 1 :], frame)
                return made.function if isinstance(made, StaticMethod | ClassMethod) else made
    return UNKNOWN


def decorated_class(evaluator: Evaluator, made: ClassType, frame: Frame) -> Type:
    """Return the class as its name sees it: only a decorator of the project that gives something else changes it."""
    seen: Type = made
    for node in reversed(made.cls.node.decorator_list):
        decorator = evaluator.evaluate(node, frame)
        function = decorator.function if isinstance(decorator, FunctionType) else None
        if function is not None and not function.module.is_stub:
            result = evaluator.call(decorator, Arguments([seen], {}, frame))
            if isinstance(result, ClassType | FunctionType | Instance):
                seen = result
    return seen


def _apply(evaluator: Evaluator, made: Type, node: ast.expr, frame: Frame) -> Type:
    target = node.func if isinstance(node, ast.Call) else node
    decorator = evaluator.evaluate(target, frame)
    name = evaluator.qualified_name(decorator) or ""
    if name in _TRANSPARENT:
        return made
    if name in _PROPERTIES:
        return PropertyType(made)
    if name == "builtins.staticmethod" or name == "abc.abstractstaticmethod":
        return StaticMethod(made)
    if name == "builtins.classmethod" or name == "abc.abstractclassmethod":
        return ClassMethod(made)
    if name in _MANAGERS:
        return _manager(evaluator, made, *_MANAGERS[name])
    # It makes what a generator function gives awaitable.
    if name == "types.coroutine" and isinstance(made, FunctionType):
        return Callable(Coroutine(UNKNOWN, made.function))
    if isinstance(node, ast.Attribute) and node.attr in ("setter", "getter", "deleter"):
        return PropertyType(made)
    inner = made
    # Above `@staticmethod`, a decorator gets the function inside, and is taken to keep the rest.
    rewrap = type(made) if isinstance(made, StaticMethod | ClassMethod) else None
    if isinstance(made, StaticMethod | ClassMethod):
        inner = made.function
    value = evaluator.evaluate(node, frame) if isinstance(node, ast.Call) else decorator
    result = evaluator.call(value, Arguments([inner], {}, frame))
    # Anything else under a function's name: the decorator was not understood.
    if not isinstance(result, _MADE):
        return UNKNOWN
    return rewrap(result) if rewrap is not None else result


_MADE = FunctionType | OverloadedType | Callable | PropertyType | StaticMethod | ClassMethod | ClassType | Instance


def _manager(evaluator: Evaluator, made: Type, cls: str, is_async: bool) -> Type:
    if not isinstance(made, FunctionType | Callable):
        return UNKNOWN
    item: Type = UNKNOWN
    result = evaluator.returned(made, None, None)
    if isinstance(result, AsyncGenerator):
        item = result.item
    elif isinstance(result, Instance):
        item = evaluator.element(result, is_async, direct=True)
    elif isinstance(result, Coroutine):
        # An abstract `async def` without a `yield`, as protocols and stubs write it.
        item = evaluator.element(result.result, is_async, direct=True)
    manager = evaluator.stdlib_class("contextlib", cls)
    if manager is None:
        return UNKNOWN
    return Callable(
        Instance(manager, (item, UNKNOWN, UNKNOWN)[: len(evaluator.class_parameters(manager))]), made.function
    )
