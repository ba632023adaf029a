"""The first parameter of what a decorator puts in a method's place: `def wrapper(self, *args)`."""

import ast
from collections.abc import Iterator

from async_lint.inference.modules.summary import body_of
from async_lint.inference.project.project import Project
from async_lint.inference.project.searches import modules_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, Module, last_name, parameters
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import definition_scope
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import FunctionType, Instance, Type

_MAX_FILES = 20
_MAX_CLASSES = 3


def receiver(evaluator: Evaluator, project: Project, function: Function, node: ast.arg) -> Type | None:
    """Return what the decorated methods' classes make of a parameter; None where it is no such one, or may be others'.

    The decorator stands on methods alone, and is never called otherwise; its wrapper hands the parameter to the method.
    """
    decorator = _decorator(function, node)
    if decorator is None:
        return None
    paths = project.mentioning(decorator.name)
    if len(paths) > _MAX_FILES:
        return None
    found: list[Type] = []
    for module in modules_of(evaluator, paths, decorator.module):
        decorated = list(_decorated(evaluator, module, decorator))
        if _is_used_otherwise(module, decorator, decorated):
            return None
        for method in decorated:
            given = evaluator.receiver(method) if method.owner is not None else None
            if not isinstance(given, Instance):
                return None
            found.append(given)
    instances = list(dict.fromkeys(found))
    return join(instances) if 0 < len(instances) <= _MAX_CLASSES else None


def _decorator(function: Function, node: ast.arg) -> Function | None:
    """Return the function that is written behind the `@`, where `function` is what it gives in a method's place."""
    args, inside = function.node.args, function.outer
    if inside is None or function.owner is not None or node not in [*args.posonlyargs, *args.args][:1]:
        return None
    if not _gives(inside, function) or not _hands_on(
        function, node, {each.arg for each in parameters(inside.node.args)}
    ):
        return None
    around = inside.outer
    return around if around is not None and _gives(around, inside) else inside


def _gives(outer: Function, inner: Function) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == inner.name
        for value in body_of(outer).returns
        if value is not None
        for part in descendants(value)
    )


def _hands_on(function: Function, node: ast.arg, methods: set[str]) -> bool:
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in methods
        and isinstance(call.args[0] if call.args else None, ast.Name)
        and last_name(call.args[0]) == node.arg
        for statement in function.whole().body
        for call in descendants(statement)
    )


def _decorated(evaluator: Evaluator, module: Module, decorator: Function) -> Iterator[Function]:
    for function in module.functions:
        for each in function.node.decorator_list:
            named = each.func if isinstance(each, ast.Call) else each
            if last_name(named) == decorator.name:
                value = evaluator.evaluate(named, definition_scope(function))
                if isinstance(value, FunctionType) and value.function is decorator:
                    yield function


def _is_used_otherwise(module: Module, decorator: Function, decorated: list[Function]) -> bool:
    """Whether a module has the name where it neither decorates one of these, nor is defined or imported."""
    known = {each.lineno for function in decorated for each in function.node.decorator_list}
    if module is decorator.module:
        known.add(decorator.node.lineno)
    for number in set(module.lines_with(decorator.name)) - known:
        text = module.lines(number, number).split("#")[0].strip()
        if "import" not in text.split() and text.strip(",()'\" ") != decorator.name:
            return True
    return False
