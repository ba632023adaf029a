"""Attributes that are given to an object from outside its class: `service.client = Client()`."""

import ast
import re
from collections.abc import Iterator

from async_lint.inference.names import mentions
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class
from async_lint.inference.syntax.targets import unpacked
from async_lint.inference.types.type_variables import substitute, variables
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import NONE, UNKNOWN, Frame, Instance, Type, Unknown

_Path = tuple[int | None, ...]


def assigned(evaluator: Evaluator, cls: Class, name: str) -> Type:
    """Return what the project assigns to that attribute of the class's instances; NONE where it assigns nothing else.

    It is unknown where something may be assigned that nobody knows.
    """
    # Private names are mangled outside, and special ones belong to the class.
    if evaluator.project is None or not cls.module.path or name.startswith("__"):
        return NONE
    return evaluator.lasting(("outside", cls, name), lambda: _assigned(evaluator, cls, name))


def _assigned(evaluator: Evaluator, cls: Class, name: str) -> Type:
    # Behind the name stands `=`, an annotation with a value, or the rest of a target that is unpacked.
    pattern = rf"\.{re.escape(name)}\b\s*(?:=(?!=)|:[^=\n]*=(?!=)|,|\)|\])"
    modules = mentions.modules(evaluator, name, pattern, cls.module)
    if modules is None:
        return UNKNOWN
    given = [value for module in modules for value in _in(evaluator, mentions.nodes(module, pattern), cls, name)]
    values = [substitute(value, dict.fromkeys(variables(value), UNKNOWN)) for value in given if value != NONE]
    return join(values or [NONE])


def _in(evaluator: Evaluator, nodes: Iterator[tuple[ast.AST, Frame]], cls: Class, name: str) -> Iterator[Type]:
    for node, frame in nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    for path in _paths(evaluator, target, cls, name, frame):
                        yield evaluator.unpack(evaluator.evaluate(value, frame), path)
            case ast.AnnAssign(target=target, annotation=annotation) if any(
                _paths(evaluator, target, cls, name, frame)
            ):
                yield evaluator.annotation(annotation, frame)
            case (
                ast.For(target=target) | ast.AsyncFor(target=target) | ast.withitem(optional_vars=ast.expr() as target)
            ):
                if any(True for _ in _paths(evaluator, target, cls, name, frame)):
                    yield UNKNOWN


def _paths(
    evaluator: Evaluator, target: ast.expr, cls: Class, name: str, frame: Frame, path: _Path = ()
) -> Iterator[_Path]:
    """Yield the path to each attribute in an assignment's target that may be the one."""
    if isinstance(target, ast.Attribute) and target.attr == name:
        owner = evaluator.evaluate(target.value, frame)
        if isinstance(owner, Instance):
            if evaluator.is_subclass(owner.cls, cls) or evaluator.is_subclass(cls, owner.cls):
                yield path
        # An object of unknown class may be one of this.
        elif isinstance(owner, Unknown):
            yield path
    elif isinstance(target, ast.Tuple | ast.List):
        for steps, element in unpacked(target):
            yield from _paths(evaluator, element, cls, name, frame, path + steps)
