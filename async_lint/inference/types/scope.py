"""Frames: where a name is looked up. A frame is a scope of the source with what is known of its arguments."""

import ast
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from async_lint.inference.syntax.binding import Class, Function, Module

if TYPE_CHECKING:
    from async_lint.inference.types.types import Type

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Frame:
    """A module's, a class's, a function's, a lambda's or a comprehension's scope.

    `arguments` maps parameters to types where a caller's are known. `variables` are the type parameters of
    `def f[T]`, between the definition and what it stands in. `memo` keeps what expressions of a live tree are, by
    node identity.
    """

    __slots__ = ("arguments", "cls", "function", "memo", "module", "node", "parent", "variables")

    def __init__(
        self,
        module: Module,
        parent: "Frame | None" = None,
        *,
        function: Function | None = None,
        cls: Class | None = None,
        node: ast.Lambda | Comprehension | None = None,
        arguments: "Mapping[str, Type] | None" = None,
        variables: Mapping[str, ast.AST] | None = None,
    ) -> None:
        self.module = module
        self.parent = parent
        self.function = function
        self.cls = cls
        self.node = node
        self.arguments = arguments
        self.variables = variables
        self.memo: dict[Hashable, Type] = {}

    def enclosing_function(self) -> "Frame | None":
        """Return the nearest frame of a `def`, through lambdas and comprehensions, not through classes."""
        frame: Frame | None = self
        while frame is not None and frame.function is None:
            if frame.cls is not None:
                return None
            frame = frame.parent
        return frame

    def method(self) -> "Frame | None":
        """Return the nearest frame of a function that a class body defines: the one whose `self` is meant."""
        frame: Frame | None = self
        while frame is not None and (frame.function is None or frame.function.owner is None):
            frame = frame.parent
        return frame


class Unit(NamedTuple):
    """An outermost function, or a statement that stands outside functions (classes are entered)."""

    node: ast.stmt
    frame: Frame


def module_scope(module: Module) -> Frame:
    """Return the one frame of a module."""
    if module.scope is None:
        module.scope = Frame(module)
    assert isinstance(module.scope, Frame)
    return module.scope


def class_scope(cls: Class, parent: Frame | None = None) -> Frame:
    """Return the one frame of a class's body."""
    if cls.scope is None:
        cls.scope = Frame(cls.module, typed(cls.node, parent) if parent else definition_scope(cls), cls=cls)
    assert isinstance(cls.scope, Frame)
    return cls.scope


def function_scope(function: Function, parent: Frame | None = None) -> Frame:
    """Return the frame of a function whose arguments are not known; it lives as long as the function's body."""
    if function.scope is None:
        function.scope = Frame(function.module, parent or definition_scope(function), function=function)
    assert isinstance(function.scope, Frame)
    return function.scope


def definition_scope(definition: Class | Function) -> Frame:
    """Return the frame that a definition stands in, or that of its type parameters in there."""
    outer = definition.owner or definition.outer if isinstance(definition, Function) else definition.outer
    if isinstance(outer, Class):
        return typed(definition.node, class_scope(outer))
    return typed(
        definition.node, function_scope(outer) if isinstance(outer, Function) else module_scope(definition.module)
    )


def typed(node: ast.AST, parent: Frame) -> Frame:
    """Return a frame with the type parameters of a definition (PEP 695), or `parent` where it has none."""
    declared = getattr(node, "type_params", None)
    return Frame(parent.module, parent, variables={each.name: each for each in declared}) if declared else parent
