"""What classes fix for all of their instances: in their bodies, and by what their constructors set and hand on."""

import ast
from collections.abc import Iterator

from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function, How
from async_lint.inference.types.scope import class_scope, function_scope
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import ClassType, Frame, Instance

Values = tuple[tuple[ast.expr, Frame], ...]

_CONSTRUCTOR = "__init__"


def fixed_values(
    evaluator: Evaluator, node: ast.expr, frame: Frame, attributes: frozenset[str]
) -> tuple[tuple[Values, ...], ...]:
    """Return for each class that an expression denotes, or gives an instance of, what it and its bases fix, in order.

    That is what their bodies bind `attributes` to, what `__init__` assigns to these, and what it gives the next one by
    position or by such a name. Empty unless all classes are known.
    """
    values = options(evaluator.evaluate(node, frame))
    classes = [value.cls for value in values if isinstance(value, ClassType | Instance)]
    if len(classes) != len(values):
        return ()
    return tuple(tuple(tuple(_fixed(base.cls, attributes)) for base in evaluator.order(cls).bases) for cls in classes)


def _fixed(cls: Class, attributes: frozenset[str]) -> Iterator[tuple[ast.expr, Frame]]:
    for name in attributes:
        # The last binding is what the body leaves.
        for binding in cls.table.get(name, ())[-1:]:
            if binding.how in (How.ASSIGN, How.DECLARE) and binding.value is not None and not binding.path:
                yield binding.value, class_scope(cls)
        for function, binding in cls.attributes.get(name, ()):
            if function.name == _CONSTRUCTOR and binding.how is How.ASSIGN and binding.value is not None:
                yield binding.value, function_scope(function)
    for binding in cls.table.get(_CONSTRUCTOR, ())[-1:]:
        if isinstance(binding.definition, Function):
            for value in _handed_on(binding.definition, attributes):
                yield value, function_scope(binding.definition)


def _handed_on(constructor: Function, attributes: frozenset[str]) -> Iterator[ast.expr]:
    """Yield what a constructor gives `super().__init__`."""
    for statement in body_of(constructor).statements:
        match statement:
            case ast.Expr(
                ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name("super")), attr="__init__")) as call
            ):
                yield from call.args
                yield from (keyword.value for keyword in call.keywords if keyword.arg in attributes)
