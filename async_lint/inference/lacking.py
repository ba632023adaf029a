"""Proof that a value has no `__await__`, `__aenter__` or `__aiter__`: more than a type that an annotation claims."""

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from async_lint.inference import kinds
from async_lint.inference.answer import Evidence, Kind
from async_lint.inference.binding import Class, Function
from async_lint.inference.calls import is_placeholder
from async_lint.inference.describe import describe
from async_lint.inference.scope import Frame, definition_scope, function_scope
from async_lint.inference.summary import body_of
from async_lint.inference.types import (
    AsyncGenerator,
    Callable,
    ClassType,
    Coroutine,
    FunctionType,
    Instance,
    Literal,
    NoneType,
    OverloadedType,
    TupleType,
    Type,
    Union,
    Unknown,
    variables,
)

if TYPE_CHECKING:
    from async_lint.inference.evaluator import Evaluator
    from async_lint.inference.heirs import Heirs
    from async_lint.inference.project import Project

# What the value must have instead, so that a mistake is likelier than something that inference does not see.
_INSTEAD = {"__aenter__": "__enter__", "__aiter__": "__iter__"}
_DECORATORS = frozenset({
    "builtins.staticmethod", "builtins.classmethod", "builtins.property", "functools.cache", "functools.lru_cache",
    "functools.cached_property", "typing.final", "typing.override", "typing_extensions.final", "typing_extensions.override",
    "typing.overload", "typing_extensions.overload", "typing_extensions.deprecated", "warnings.deprecated",
})  # fmt: skip
_CLASS_DECORATORS = frozenset({"dataclasses.dataclass", "typing.final", "typing_extensions.final", "functools.total_ordering"})
_METACLASSES = frozenset({"ABCMeta", "EnumMeta", "EnumType", "type"})
_DISPLAYS = (ast.Constant, ast.JoinedStr, ast.List, ast.Set, ast.Dict, ast.Tuple, ast.ListComp, ast.SetComp, ast.DictComp)
_STORED = (ast.Name, ast.Attribute, ast.Subscript)
_DEPTH = 4
_MAX_FILES = 60


class Lack(NamedTuple):
    """What shows it: `label` is what a message calls the callee or the value's class, `evidence` is about that.

    `plain` is false of a value that is of no use as it is: a generator or a future, which must be waited for in
    another way.
    """

    label: str
    evidence: Evidence
    plain: bool


class Lacking:
    """Looks into one project for proof."""

    def __init__(self, r: "Evaluator", heirs: "Heirs", project: "Project") -> None:
        self._r = r
        self._heirs = heirs
        self._project = project

    def of(self, node: ast.expr, frame: Frame, method: str) -> Lack | None:
        """Return what shows that the value of an expression lacks the special method; None when nothing does."""
        if isinstance(node, ast.Call):
            return self._of_call(node, frame, method)
        found = self._r.evaluate(node, frame)
        if not self.lacks(found, method) or not self._is_sure(node, frame, method, _DEPTH):
            return None
        return _of_value(found, method)

    def _of_call(self, node: ast.Call, frame: Frame, method: str) -> Lack | None:
        callee = self._r.evaluate(node.func, frame)
        found = self._r.evaluate(node, frame)
        if isinstance(callee, FunctionType) and callee.function.is_generator:
            return self._of_generator(callee, method)
        if not self.lacks(found, method) or not self._calls(callee, node, frame, method, _DEPTH):
            return None
        about = describe(callee)
        if method in _INSTEAD or isinstance(callee, ClassType):
            return _of_value(found, method)
        text = f"returns {_phrase(found)}"
        return Lack(about.label or "", _evidence(text, about.definition), not isinstance(callee, Callable) and not self._is_future(found))

    def _of_generator(self, callee: FunctionType, method: str) -> Lack | None:
        function = callee.function
        fits = method == "__await__" or (method == "__aiter__" and not function.is_async)
        if not fits or function.module.is_stub or not self._function(callee, method, _DEPTH):
            return None
        text = "is an async generator function" if function.is_async else "is a generator function"
        return Lack(describe(callee).label or "", _evidence(text, function), method == "__aiter__")

    def _is_future(self, of: Type) -> bool:
        return kinds.kind(self._r, of) is Kind.TASK

    # -- values ------------------------------------------------------------------------------------------------

    def lacks(self, of: Type, method: str) -> bool:
        """Whether a value of the type, if it is what the type says, has no such method, but its synchronous twin."""
        match of:
            case Union(items):
                return all(self.lacks(each, method) for each in items)
            case NoneType():
                return method not in _INSTEAD
            case Literal(value, _):
                return method not in _INSTEAD or (method == "__aiter__" and isinstance(value, str))
            case TupleType():
                return method != "__aenter__"
            case Instance(cls):
                return self._class_lacks(cls, method)
        return False

    def _class_lacks(self, cls: Class, method: str) -> bool:
        r = self._r
        if r.order(cls).missing or kinds.is_protocol(cls) or r.defines(cls, "__getattr__") or r.defines(cls, method):
            return False
        instead = _INSTEAD.get(method)
        if instead is not None and not r.defines(cls, instead):
            return False
        if any(base.cls.node.decorator_list and not self._plain_class(base.cls) for base in r.order(cls).bases):
            return False
        if cls.module.name == "builtins":
            return True  # who looks for its heirs looks into every file
        heirs = self._heirs.of(cls)
        return heirs is not None and not any(r.defines(each, method) or r.order(each).missing for each in heirs)

    def _plain_class(self, cls: Class) -> bool:
        frame = definition_scope(cls)
        return all(self._r.qualified_name(self._r.evaluate(_decorator(each), frame)) in _CLASS_DECORATORS for each in cls.node.decorator_list)

    # -- where values come from --------------------------------------------------------------------------------

    def _is_sure(self, node: ast.expr, frame: Frame, method: str, depth: int) -> bool:
        """Whether the expression gives what it is said to give, and nobody's claim alone stands for that."""
        match node:
            case ast.Call():
                return depth > 0 and self._calls(self._r.evaluate(node.func, frame), node, frame, method, depth - 1)
            case ast.Await(value=ast.Call() as call):
                return depth > 0 and self._calls(self._r.evaluate(call.func, frame), call, frame, method, depth - 1)
            case ast.IfExp(body=body, orelse=orelse):
                return self._is_sure(body, frame, method, depth) and self._is_sure(orelse, frame, method, depth)
            case ast.BoolOp(values=values):
                return all(self._is_sure(each, frame, method, depth) for each in values)
            case ast.NamedExpr(value=value):
                return self._is_sure(value, frame, method, depth)
            case ast.GeneratorExp():
                return method == "__aiter__" and not isinstance(self._r.evaluate(node, frame), AsyncGenerator)
            case ast.Compare() | ast.UnaryOp() | ast.BinOp():
                return not isinstance(self._r.evaluate(node, frame), Unknown)
        return isinstance(node, _DISPLAYS + _STORED)

    def _calls(self, callee: Type, node: ast.Call, frame: Frame, method: str, depth: int) -> bool:
        """Whether what is called gives what it is said to give."""
        match callee:
            case FunctionType():
                return self._function(callee, method, depth)
            case OverloadedType(items):
                return all(each.function.module.is_stub and self._function(each, method, depth) for each in items)
            case ClassType(cls):
                return self._constructs(cls)
            case Callable(Instance(cls), Function() as function) if cls.module.name == "contextlib":
                return self._is_never_replaced(function) and (function.owner is None or not self._overridden(function, function.owner))
            case Instance(cls) if self._r.defines(cls, "__call__"):
                return self._calls(self._r.attribute(callee, "__call__"), node, frame, method, depth)
            case Union(items):
                return all(self._calls(each, node, frame, method, depth) for each in items)
        return False

    def _constructs(self, cls: Class) -> bool:
        for base in self._r.order(cls).bases:
            if "__new__" in base.cls.table and not base.cls.module.is_stub:
                return False
            for keyword in base.cls.node.keywords:
                name = getattr(keyword.value, "attr", getattr(keyword.value, "id", ""))
                if keyword.arg == "metaclass" and name not in _METACLASSES:
                    return False
        return self._plain_class(cls)

    def _function(self, callee: FunctionType, method: str, depth: int) -> bool:
        function = callee.function
        return (
            self._is_as_written(function)
            and self._gives_what_it_declares(function, method, depth)
            and self._is_never_replaced(function)
            and self._overrides_agree(callee, method, depth)
        )

    def _is_as_written(self, function: Function) -> bool:
        if function.owner is not None and kinds.is_protocol(function.owner):
            return False
        if function.module.is_stub:
            return True
        frame = definition_scope(function)
        decorators = function.node.decorator_list
        if any(self._r.qualified_name(self._r.evaluate(_decorator(each), frame)) not in _DECORATORS for each in decorators):
            return False
        return not is_placeholder(body_of(function).statements)

    def _gives_what_it_declares(self, function: Function, method: str, depth: int) -> bool:
        if function.node.returns is not None and variables(self._r.declared_return(function)) - {"Self"}:
            return False  # what a container was said to hold
        if function.module.is_stub or function.is_generator:
            return True
        frame = function_scope(function)
        for value in body_of(function).returns:
            if value is None:
                continue
            found = self._r.evaluate(value, frame)
            if isinstance(found, Coroutine | AsyncGenerator):
                return False
            vague = isinstance(found, Unknown) and isinstance(value, _STORED) and function.node.returns is not None
            if not (vague or self.lacks(found, method)) or not self._is_sure(value, frame, method, depth):
                return False
        return True

    def _overrides_agree(self, callee: FunctionType, method: str, depth: int) -> bool:
        bound, name = callee.bound, callee.function.name
        if not isinstance(bound, Instance | ClassType) or bound.cls.module.name == "builtins":
            return True
        heirs = self._heirs.of(bound.cls)
        if heirs is None:
            return False
        for heir in heirs:
            receiver = Instance(heir) if isinstance(bound, Instance) else ClassType(heir)
            found = self._r.attribute(receiver, name)
            if isinstance(found, FunctionType) and found.function is callee.function:
                continue
            if not isinstance(found, FunctionType) or found.function.is_async != callee.function.is_async or depth <= 0:
                return False
            if not self.lacks(self._r.returned(found, None, None), method) or not self._function(found, method, depth - 1):
                return False
        return True

    def _overridden(self, function: Function, owner: Class) -> bool:
        heirs = self._heirs.of(owner)
        return heirs is None or any(function.name in heir.table for heir in heirs)

    def _is_never_replaced(self, function: Function) -> bool:
        """Whether no other function is put in its place: a mock, a patch, a wrapper."""
        name = re.escape(function.name).encode()
        paths = self._project.mentioning(function.name)
        put = re.compile(rb"\." + name + rb"\b\s*(?::[^=\n]+)?=[^=]|(?:setattr|patch)[\w.]*\([^)]*[\"'.]" + name + rb"[\"']")
        return not any(put.search(self._project.text(path)) for path in paths)


def _decorator(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _of_value(of: Type, method: str) -> Lack:
    about = describe(of)
    text = f"has `{_INSTEAD[method]}` and no `{method}`" if method in _INSTEAD else f"has no `{method}`"
    return Lack(about.label or _phrase(of).strip("`"), _evidence(text, about.definition), True)


def _evidence(text: str, definition: Function | Class | None) -> Evidence:
    if definition is None:
        return Evidence(text, "builtins", 0)
    module = definition.module
    return Evidence(text, module.path or module.name, definition.node.lineno if module.path else 0)


def _phrase(of: Type) -> str:
    match of:
        case NoneType():
            return "None"
        case Instance(cls):
            return f"`{cls.qualname}`"
        case Literal(value, _):
            return f"`{type(value).__name__}`"
        case TupleType():
            return "`tuple`"
        case Union(items):
            return " or ".join(dict.fromkeys(_phrase(each) for each in items))
    return "a value"
