"""The frames of definitions: each module, class and function has one, made when it is first asked for."""

import ast
from typing import NamedTuple

from async_lint.inference.syntax.binding import Class, Function, Module
from async_lint.inference.types.values import Frame


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
    # One for all who ask: its memo has what was worked out already.
    if function.scope is None:
        outer = typed(function.node, parent) if parent else definition_scope(function)
        function.scope = Frame(function.module, outer, function=function)
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
    return (
        Frame(parent.module, parent, variables={parameter.name: parameter for parameter in declared})
        if declared
        else parent
    )
