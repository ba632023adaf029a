"""Which arguments of a call the new instance keeps as they are: its constructor gives them to attributes."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.answers.fixed_values import constructor, is_unchanged, super_calls
from async_lint.inference.questions.arguments import assigned, of_call
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function, How
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import ClassType, Frame


def kept_arguments(evaluator: Evaluator, call: ast.Call, frame: Frame) -> tuple[ast.expr, ...]:
    """Return the arguments that every class which the callee may be assigns to attributes of its new instance."""
    classes = options(evaluator.evaluate(call.func, frame))
    kept = [
        set(_kept([base.cls for base in evaluator.order(cls.cls).bases], call, frame))
        for cls in classes
        if isinstance(cls, ClassType)
    ]
    if not kept or len(kept) != len(classes):
        return ()
    return tuple(set.intersection(*kept))


def _kept(bases: Sequence[Class], call: ast.Call, frame: Frame) -> Iterator[ast.expr]:
    for index, cls in enumerate(bases):
        function = constructor(cls)
        if function is None:
            continue
        given = assigned(function.node.args, of_call(call, frame), 1) or {}
        handed_on = [
            value
            for inner in super_calls(function)
            for value in _kept(bases[index + 1 :], inner, function_scope(function))
        ]
        for parameter, value in given.items():
            if isinstance(value, ast.expr) and is_unchanged(function, parameter.arg):
                if _is_assigned(cls, function, parameter.arg) or any(
                    isinstance(inner, ast.Name) and inner.id == parameter.arg for inner in handed_on
                ):
                    yield value
        # What a constructor does not hand on, no other gets.
        return


def _is_assigned(cls: Class, function: Function, name: str) -> bool:
    stores = [binding for found in cls.attributes.values() for owner, binding in found if owner is function]
    return any(
        binding.how in (How.ASSIGN, How.DECLARE) and isinstance(binding.value, ast.Name) and binding.value.id == name
        for binding in stores
    )
