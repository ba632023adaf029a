"""Whether something other than the interpreter may construct a class's instances or call a special method of them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from async_lint.inference.modules.summary import body_of
from async_lint.inference.names import mentions
from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax.binding import Class, Function, Module
from async_lint.inference.syntax.nodes import children, descendants
from async_lint.inference.types.scope import class_scope, module_scope
from async_lint.inference.types.values import ClassType, Frame, FunctionType, Instance, Type

_MANY_FILES = 60
# They construct nothing, and nobody else gets the class from them.
_HARMLESS_DECORATORS = frozenset({
    "abc.ABC", "attr.attrs", "attr.define", "attr.dataclass", "attr.frozen", "attr.mutable", "attr.s", "attrs.define",
    "attrs.frozen", "attrs.mutable", "dataclasses.dataclass", "enum.unique", "functools.total_ordering",
    "typing.dataclass_transform", "typing.final", "typing.runtime_checkable", "typing_extensions.deprecated",
    "typing_extensions.final", "typing_extensions.runtime_checkable", "warnings.deprecated",
})  # fmt: skip
# None of them calls what it is given.
_ASKING = frozenset({
    "builtins.getattr", "builtins.hasattr", "builtins.id", "builtins.isinstance", "builtins.issubclass",
    "builtins.print", "builtins.repr", "builtins.setattr", "builtins.str", "builtins.super", "builtins.type",
    "builtins.vars", "functools.update_wrapper", "functools.wraps", "inspect.getdoc", "inspect.getfullargspec",
    "inspect.getmembers", "inspect.getsource", "inspect.signature", "typing.TypeVar", "typing.cast",
    "typing.get_type_hints",
})  # fmt: skip


def may_be_called_by_others(evaluator: Evaluator, heirs: "Subclasses", cls: Class, method: str) -> bool:
    """Whether a framework may get the class, one of its bases or heirs, or the project itself awaits the method."""
    below = heirs.of(cls)
    if below is None:
        return True
    related = (cls, *(base.cls for base in evaluator.order(cls).bases[1:] if _is_own(evaluator, base.cls)), *below)
    return (
        any(_is_decorated(evaluator, relative) for relative in related)
        or _is_awaited(evaluator, cls, method)
        or any(_is_given_away(evaluator, relative) for relative in related)
    )


def _is_own(evaluator: Evaluator, cls: Class) -> bool:
    """Whether the class is the project's: of one from elsewhere nobody here decides who gets it."""
    return bool(cls.module.path) and evaluator.project is not None and evaluator.project.has(Path(cls.module.path))


def _is_decorated(evaluator: Evaluator, cls: Class) -> bool:
    """Whether a decorator of the class is not known to leave it as it is."""
    frame = class_scope(cls).parent or module_scope(cls.module)
    return any(not _is_harmless(evaluator, decorator, frame) for decorator in cls.node.decorator_list)


def _is_harmless(evaluator: Evaluator, decorator: ast.expr, frame: Frame) -> bool:
    value = evaluator.evaluate(decorator.func if isinstance(decorator, ast.Call) else decorator, frame)
    if evaluator.qualified_name(value) in _HARMLESS_DECORATORS:
        return True
    return isinstance(value, FunctionType) and not isinstance(decorator, ast.Call) and _gives_back(value.function)


def _gives_back(function: Function) -> bool:
    """Whether a function only returns its one parameter, or looks at the parameter's attributes."""
    arguments = function.node.args
    names = [arg.arg for arg in (*arguments.posonlyargs, *arguments.args)]
    if len(names) != 1 or arguments.vararg or arguments.kwonlyargs or arguments.kwarg or function.is_async:
        return False
    returns = body_of(function).returns
    if not returns or not all(isinstance(value, ast.Name) and value.id == names[0] for value in returns):
        return False
    harmless = {id(value) for value in returns}
    for statement in body_of(function).statements:
        for node in descendants(statement):
            if isinstance(node, ast.Attribute):
                harmless.add(id(node.value))
            if isinstance(node, ast.Name) and node.id == names[0] and id(node) not in harmless:
                return False
    return True


def _is_awaited(evaluator: Evaluator, cls: Class, method: str) -> bool:
    """Whether the project awaits the method by its name, or hands it on as a value."""
    name = re.escape(method)
    pattern = rf"\bawait\s[^\n]*\.{name}\(|\.{name}\s*(?:[,)\]]|$)"
    modules = _modules(evaluator, f".{method}", pattern, cls.module)
    return modules is None or any(
        isinstance(taken, ast.Attribute) and taken.attr == method and _may_be_of(evaluator, taken, frame, cls)
        for module in modules
        for node, frame in mentions.nodes(module, f"(?m){pattern}")
        for taken in _taken(evaluator, node, frame)
    )


def _is_given_away(evaluator: Evaluator, cls: Class) -> bool:
    """Whether a call of the project gets the class itself."""
    pattern = rf"[(,=\[]\s*(?:\w+\.)*{re.escape(cls.name)}\s*[,)\]]"
    modules = _modules(evaluator, cls.name, pattern, cls.module)
    return modules is None or any(
        cls.name == (taken.id if isinstance(taken, ast.Name) else getattr(taken, "attr", ""))
        and _may_be_class(evaluator.evaluate(taken, frame), cls)
        for module in modules
        for node, frame in mentions.nodes(module, pattern)
        if isinstance(node, ast.Call)
        for taken in _taken(evaluator, node, frame)
    )


def _modules(evaluator: Evaluator, word: str, pattern: str, own: Module) -> list[Module] | None:
    """Return the modules whose text has the pattern, and `own`; None where there are too many."""
    if evaluator.project is None:
        return [own]
    searched = re.compile(pattern.encode(), re.MULTILINE)
    paths = [path for path in evaluator.project.mentioning(word) if evaluator.project.finds(path, searched)]
    if len(paths) > _MANY_FILES:
        return None
    modules = filter(None, map(evaluator.library.at, paths))
    return [own, *(module for module in modules if module.path != own.path)]


def _taken(evaluator: Evaluator, node: ast.AST, frame: Frame) -> Iterator[ast.expr]:
    """Yield what a node takes over: the callee of what it awaits, the value it assigns, the arguments of a call."""
    match node:
        case ast.Await(value=ast.Call(func=callee)):
            yield callee
        case ast.Assign(value=value):
            yield from _values(value)
        case ast.Call():
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            values = [part for argument in given for part in _values(argument)]
            if values and evaluator.qualified_name(evaluator.evaluate(node.func, frame)) not in _ASKING:
                yield from values


def _values(expression: ast.expr) -> Iterator[ast.expr]:
    if isinstance(expression, ast.Name | ast.Attribute):
        yield expression
    elif isinstance(expression, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.Starred | ast.IfExp):
        for child in children(expression):
            if isinstance(child, ast.expr):
                yield from _values(child)


def _may_be_of(evaluator: Evaluator, method: ast.Attribute, frame: Frame, cls: Class) -> bool:
    """Whether a method that is mentioned may be one of the class, of its bases, or of its heirs."""
    value = evaluator.evaluate(method, frame)
    if isinstance(value, FunctionType):
        owner = value.function.owner
        return owner is not None and _is_kin(evaluator, owner, cls)
    receiver = evaluator.evaluate(method.value, frame)
    return not isinstance(receiver, Instance | ClassType) or _is_kin(evaluator, receiver.cls, cls)


def _is_kin(evaluator: Evaluator, one: Class, other: Class) -> bool:
    return evaluator.is_subclass(one, other) or evaluator.is_subclass(other, one)


def _may_be_class(value: Type, cls: Class) -> bool:
    return value.cls.full_name == cls.full_name if isinstance(value, ClassType) else True
