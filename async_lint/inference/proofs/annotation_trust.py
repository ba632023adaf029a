"""Is a value what it is said to be? Annotations may lie, methods may be overridden, functions replaced by mocks."""

import ast
import re
import sys
from collections.abc import Callable as Thunk
from pathlib import Path
from typing import TYPE_CHECKING

from async_lint.inference.calls.bodies import is_placeholder
from async_lint.inference.kinds import kinds
from async_lint.inference.modules.summary import body_of
from async_lint.inference.proofs.lone_stub import is_lone_stub
from async_lint.inference.proofs.setting_classes import setting_classes
from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax.binding import Binding, Class, Function, How, Module, last_name
from async_lint.inference.types.scope import class_scope, definition_scope, function_scope, module_scope
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import (
    AsyncGenerator,
    ClassType,
    Coroutine,
    Frame,
    FunctionType,
    Instance,
    Literal,
    NoneType,
    OverloadedType,
    PropertyType,
    Type,
    TypeVariable,
    Union,
    Unknown,
)

if TYPE_CHECKING:
    from async_lint.inference.project.project import Project

Fits = Thunk[[Type], bool]

_DECORATORS = frozenset({
    "builtins.staticmethod", "builtins.classmethod", "builtins.property", "functools.cache", "functools.lru_cache",
    "functools.cached_property", "typing.final", "typing.override", "typing.overload", "typing_extensions.final",
    "typing_extensions.override", "typing_extensions.overload", "typing_extensions.deprecated", "warnings.deprecated",
})  # fmt: skip
_CLASS_DECORATORS = frozenset(
    {"dataclasses.dataclass", "typing.final", "typing_extensions.final", "functools.total_ordering"}
)
_METACLASSES = frozenset({"ABCMeta", "EnumMeta", "EnumType", "type"})
_STORED = (ast.Name, ast.Attribute, ast.Subscript)
_COMPUTED = (ast.Compare, ast.UnaryOp, ast.BinOp)
_DISPLAYS = (ast.Constant, ast.JoinedStr, ast.List, ast.Set, ast.Dict, ast.Tuple)
_COLLECTED = (ast.ListComp, ast.SetComp, ast.DictComp)
_ASSIGNED = (How.ASSIGN, How.ENTER, How.ASYNC_ENTER, How.ITERATE, How.ASYNC_ITERATE)
_DEPTH = 6


class AnnotationTrust:
    """Looks behind what is said of values, through the whole project."""

    def __init__(self, evaluator: Evaluator, heirs: "Subclasses", project: "Project") -> None:
        self._evaluator = evaluator
        self._heirs = heirs
        self._project = project

    def hold(self, node: ast.expr, frame: Frame, fits: Fits | None = None, depth: int = _DEPTH) -> bool:
        """Whether the expression gives what it is said to give.

        `fits` must be true of whatever the functions that are called for it return.
        """
        match node:
            case ast.Call() | ast.Await(value=ast.Call()):
                call = node.value if isinstance(node, ast.Await) else node
                assert isinstance(call, ast.Call)
                return depth > 0 and self._call(
                    self._evaluator.evaluate(call.func, frame), call, frame, fits, depth - 1
                )
            case ast.IfExp(body=body, orelse=orelse):
                return self.hold(body, frame, fits, depth) and self.hold(orelse, frame, fits, depth)
            case ast.BoolOp(values=values):
                return all(self.hold(operand, frame, fits, depth) for operand in values)
            case ast.NamedExpr(value=value) | ast.Subscript(value=value):
                # What is subscripted is a container, and `fits` is about what it holds.
                return self.hold(value, frame, None if isinstance(node, ast.Subscript) else fits, depth)
            case ast.Name():
                return depth > 0 and self._name(node, frame, depth - 1)
            case ast.Attribute():
                return depth > 0 and self._attribute(node, frame, fits, depth - 1)
        if isinstance(node, _COMPUTED):
            return not isinstance(self._evaluator.evaluate(node, frame), Unknown)
        return isinstance(node, _DISPLAYS + _COLLECTED)

    def _call(self, callee: Type, node: ast.Call, frame: Frame, fits: Fits | None, depth: int) -> bool:
        if isinstance(node.func, ast.Attribute) and not self.hold(node.func.value, frame, None, depth):
            return False
        return self._callee(callee, fits, depth)

    def _callee(self, callee: Type, fits: Fits | None, depth: int) -> bool:
        match callee:
            case FunctionType():
                return self.function(callee, fits, depth)
            case OverloadedType(items):
                # In source, overloads only promise: the body that runs is another one.
                return all(
                    overload.function.module.is_stub and self.function(overload, fits, depth) for overload in items
                )
            case ClassType(cls):
                return self._constructs(cls)
            case Instance(cls) if self._evaluator.defines(cls, "__call__"):
                return self._callee(self._evaluator.attribute(callee, "__call__"), fits, depth)
            case Union(items):
                return all(self._callee(item, fits, depth) for item in items)
        return False

    # -- what is stored ----------------------------------------------------------------------------------------

    def _name(self, node: ast.Name, frame: Frame, depth: int) -> bool:
        scope = frame.enclosing_function()
        while scope is not None and scope.function is not None:
            bindings = body_of(scope.function).table.get(node.id)
            if bindings:
                is_receiver = scope.function.owner is not None and node.id in ("self", "cls")
                return is_receiver or self._bindings(bindings, scope, node, frame, depth)
            scope = scope.parent.enclosing_function() if scope.parent is not None else None
        return self._bindings(frame.module.lookup(node.id) or [], module_scope(frame.module), node, frame, depth)

    def _bindings(self, bindings: list[Binding], scope: Frame, node: ast.expr, frame: Frame, depth: int) -> bool:
        for binding in bindings:
            if (
                binding.how is How.PARAMETER
                and binding.annotation is None
                and not isinstance(self._evaluator.evaluate(node, frame), Unknown)
            ):
                return False  # what the function itself makes when it is given nothing
            if binding.how in (How.PARAMETER, How.DECLARE) and not self._is_own(self._evaluator.evaluate(node, frame)):
                return False
            if (
                binding.how in _ASSIGNED
                and binding.value is not None
                and not self.hold(binding.value, scope, None, depth)
            ):
                return False
        return True

    def _is_own(self, of: Type) -> bool:
        """Whether an annotation is believed: it names classes of the project or of the standard library.

        Many a library has a synchronous and an asynchronous class, and the name of the one stands for the other.
        """
        instances = [option for option in options(of) if isinstance(option, Instance)]
        return all(self.is_own(instance.cls.module) for instance in instances)

    def is_own(self, module: Module) -> bool:
        if module.name.partition(".")[0] in sys.stdlib_module_names:
            return True
        return bool(module.path) and self._project.has(Path(module.path))

    def _attribute(self, node: ast.Attribute, frame: Frame, fits: Fits | None, depth: int) -> bool:
        of = self._evaluator.evaluate(node.value, frame)
        if isinstance(of, Instance):
            member = self._evaluator.class_member(of.cls, node.attr)
            if isinstance(member, PropertyType):
                get = member.getter
                return isinstance(get, FunctionType) and self.function(FunctionType(get.function, of), fits, depth)
            for cls in setting_classes(self._evaluator, self._heirs, of.cls, node.attr):
                if cls is None:
                    return False
                for function, binding in cls.attributes.get(node.attr, ()):
                    if not self._bindings([binding], function_scope(function), node, frame, depth):
                        return False
                if not self._bindings(cls.table.get(node.attr, []), class_scope(cls), node, frame, depth):
                    return False
        return isinstance(of, ClassType) or not isinstance(of, Instance) or self.hold(node.value, frame, None, depth)

    # -- what is called ----------------------------------------------------------------------------------------

    def _constructs(self, cls: Class) -> bool:
        for base in self._evaluator.order(cls).bases:
            # A `__new__` or a metaclass's `__call__` gives what it likes, whatever the class.
            if "__new__" in base.cls.table and not base.cls.module.is_stub:
                return False
            for keyword in base.cls.node.keywords:
                name = last_name(keyword.value)
                if keyword.arg == "metaclass" and name not in _METACLASSES:
                    return False
        return True

    def function(self, callee: FunctionType, fits: Fits | None, depth: int = _DEPTH) -> bool:
        """Whether a function, and every one that may stand in for it, gives what it is said to give."""
        function = callee.function
        return (
            self._is_as_written(function)
            and not self._is_made_asynchronous(callee)
            and self._gives_what_it_declares(function, fits, depth)
            and self.is_never_replaced(function)
            and self._overrides_agree(callee, fits, depth)
        )

    def _is_as_written(self, function: Function) -> bool:
        if function.owner is not None and kinds.is_protocol(function.owner):
            return False
        if function.module.is_stub:
            return not is_lone_stub(function.module, self._project)
        if not self._decorators(function.node.decorator_list, definition_scope(function)) <= _DECORATORS:
            return False
        return not is_placeholder(body_of(function).statements)

    def _is_made_asynchronous(self, callee: FunctionType) -> bool:
        """Whether an heir has coroutine methods where the class of a plain method has none.

        What the method calls may be one of those: it hands on a coroutine then, whatever its annotation says.
        """
        owner, bound = callee.function.owner, callee.bound
        if owner is None or not owner.module.is_stub or callee.function.is_async or not isinstance(bound, Instance):
            return False
        order = [base.cls for base in self._evaluator.order(bound.cls).bases]
        heirs = order[: order.index(owner)] if owner in order else ()
        return not owner.has_coroutine_functions() and any(heir.has_coroutine_functions() for heir in heirs)

    def is_plain(self, cls: Class) -> bool:
        """Whether no decorator adds to the class, nor what a stub leaves out."""
        if cls.module.is_stub:
            return not is_lone_stub(cls.module, self._project)
        return self._decorators(cls.node.decorator_list, definition_scope(cls)) <= _CLASS_DECORATORS

    def _decorators(self, nodes: list[ast.expr], frame: Frame) -> set[str]:
        """Return the names of the decorators, "" for one without."""
        targets = [node.func if isinstance(node, ast.Call) else node for node in nodes]
        return {self._evaluator.qualified_name(self._evaluator.evaluate(target, frame)) or "" for target in targets}

    def _gives_what_it_declares(self, function: Function, fits: Fits | None, depth: int) -> bool:
        declared = self._evaluator.declared_return(function) if function.node.returns is not None else None
        if declared is not None and any(map(_is_variable, options(declared))):
            return False  # what a container was said to hold
        if function.module.is_stub or function.is_generator:
            return True
        frame = function_scope(function)
        for value in body_of(function).returns:
            if value is None:
                continue
            result = self._evaluator.evaluate(value, frame)
            if isinstance(result, Unknown) and isinstance(value, _STORED) and _is_simple(declared):
                continue
            if fits is not None and not fits(result):
                return False
            if isinstance(result, Unknown | Coroutine | AsyncGenerator) or not self.hold(value, frame, fits, depth):
                return False
        return True

    def _overrides_agree(self, callee: FunctionType, fits: Fits | None, depth: int) -> bool:
        bound = callee.bound
        # Who looks for the heirs of `str` or `dict` looks into every file.
        if not isinstance(bound, Instance | ClassType) or bound.cls.module.name == "builtins":
            return True
        heirs = self._heirs.of(bound.cls)
        return heirs is not None and all(self._override_agrees(callee, bound, heir, fits, depth) for heir in heirs)

    def _override_agrees(
        self, callee: FunctionType, bound: Instance | ClassType, heir: Class, fits: Fits | None, depth: int
    ) -> bool:
        receiver = Instance(heir) if isinstance(bound, Instance) else ClassType(heir)
        override = self._evaluator.class_member(heir, callee.function.name)
        if isinstance(override, FunctionType) and override.function is callee.function:
            return True
        override = self._evaluator.attribute(receiver, callee.function.name)
        if (
            depth <= 0
            or not isinstance(override, FunctionType)
            or override.function.is_async != callee.function.is_async
        ):
            return False
        if override.function.is_generator != callee.function.is_generator:
            return False
        made = self._evaluator.returned(override, None, None)
        if fits is None and not self._is_kin(made, self._evaluator.returned(callee, None, None)):
            return False
        return (fits is None or override.function.is_generator or fits(made)) and self.function(
            override, fits, depth - 1
        )

    def _is_kin(self, made: Type, meant: Type) -> bool:
        if isinstance(made, Instance) and isinstance(meant, Instance):
            return self._evaluator.is_subclass(made.cls, meant.cls)
        return made == meant

    def is_overridden(self, function: Function) -> bool:
        if function.owner is None:
            return False
        heirs = self._heirs.of(function.owner)
        return heirs is None or any(function.name in heir.table for heir in heirs)

    def is_never_replaced(self, function: Function) -> bool:
        """Whether no other function is put in its place: a mock, a patch, a wrapper."""
        name = re.escape(function.name).encode()
        paths = self._project.mentioning(function.name)
        stored = rb"\." + name + rb"\b\s*(?::[^=\n]+)?=[^=]"
        put = re.compile(stored + rb"|(?:setattr|patch)[\w.]*\([^)]*[\"'.]" + name + rb"[\"']")
        return not any(self._project.finds(path, put) for path in paths)


def _is_variable(of: Type) -> bool:
    return isinstance(of, TypeVariable) and of.name != "Self"


def _is_simple(of: Type | None) -> bool:
    """Whether an annotation says a built-in value, which nobody writes for something else."""
    if isinstance(of, Union):
        return all(map(_is_simple, of.items))
    return isinstance(of, NoneType | Literal) or (isinstance(of, Instance) and of.cls.module.name == "builtins")
