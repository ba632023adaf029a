"""Whether to read an attribute or an element runs code of the project."""

import ast
from pathlib import Path

from async_lint.inference.project.project import MAX_MENTIONS, Project
from async_lint.inference.project.searches import modules_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Binding, Class, Function, Module
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import ClassType, Frame, Instance, ModuleType, Unknown


def is_worked_out(
    evaluator: Evaluator, project: Project, node: ast.Attribute | ast.Subscript, frame: Frame, module: Module | None
) -> bool:
    """Whether a property, a `__getattr__` or a `__getitem__` of the project gives what is read.

    Of what nothing tells the class, an attribute is worked out if the project has a property of that name.
    """
    values = options(evaluator.evaluate(node.value, frame))
    if isinstance(node, ast.Attribute) and any(isinstance(value, Unknown) for value in values):
        return _is_a_property(evaluator, project, node.attr, module)
    classes = [value.cls for value in values if isinstance(value, Instance | ClassType)]
    if isinstance(node, ast.Subscript):
        return any(_own(evaluator, project, cls, "__getitem__") for cls in classes)
    if any(isinstance(value, ModuleType) for value in values):
        return False
    return any(_gives(evaluator, project, cls, node.attr, isinstance(node.ctx, ast.Load)) for cls in classes)


def _gives(evaluator: Evaluator, project: Project, cls: Class, name: str, is_read: bool) -> bool:
    for base in evaluator.order(cls).bases:
        if name in base.cls.table:
            return _is_of_project(project, base.cls) and any(map(_is_a_descriptor, base.cls.table[name]))
        if name in base.cls.attributes:
            return False
    return is_read and any(_own(evaluator, project, cls, special) for special in ("__getattr__", "__getattribute__"))


def _own(evaluator: Evaluator, project: Project, cls: Class, name: str) -> bool:
    """Whether a class has a method from the project."""
    owner = next((base.cls for base in evaluator.order(cls).bases if name in base.cls.table), None)
    return owner is not None and _is_of_project(project, owner)


def _is_a_property(evaluator: Evaluator, project: Project, name: str, module: Module | None) -> bool:
    paths = project.mentioning(f"def {name}(")
    if len(paths) > MAX_MENTIONS:
        return True
    return any(
        function.owner is not None and function.name == name and _is_decorated(function)
        for searched in modules_of(evaluator, paths, module)
        for function in searched.functions
    )


def _is_a_descriptor(binding: Binding) -> bool:
    """Whether it is a function with a decorator, or what a call makes: `last = property(find_last)`."""
    definition = binding.definition
    return isinstance(binding.value, ast.Call) or (isinstance(definition, Function) and _is_decorated(definition))


def _is_decorated(function: Function) -> bool:
    return bool(function.node.decorator_list)


def _is_of_project(project: Project, cls: Class) -> bool:
    path = cls.module.path
    return bool(path) and project.has(Path(path))
