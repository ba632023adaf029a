"""The default of a parameter, as its definition has it."""

import ast

from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.values import ClassType, FunctionType, Type


def default(evaluator: Evaluator, of: Type, parameter: str) -> ast.expr | None:
    """Return the default of a parameter of a function, or of a class's `__init__`, that was found."""
    if isinstance(of, ClassType):
        of = evaluator.class_member(of.cls, "__init__") or of
    if not isinstance(of, FunctionType):
        return None
    arguments = of.function.node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    pairs = list(zip(reversed(plain), reversed(arguments.defaults), strict=False))
    for node, value in [*pairs, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]:
        if node.arg == parameter:
            return value
    return None
