"""What nobody has read: what it may do to what all iterations have."""

import ast

from async_lint.inference.effects.interprocedural import is_followed
from async_lint.inference.independence.followed import is_common
from async_lint.inference.independence.given_arguments import given_values
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.values import Frame, FunctionType, Instance

_CONTAINERS = frozenset({"defaultdict", "deque", "dict", "list", "set"})


def is_given_one(evaluator: Evaluator, call: ast.Call, frame: Frame, iteration: Iteration) -> bool:
    """Whether each call is given the same container."""
    for argument in given_values(call):
        of = evaluator.evaluate(argument, frame) if is_common(argument, iteration) else None
        if isinstance(of, Instance) and of.cls.qualname in _CONTAINERS:
            return True
    return False


def is_unseen(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
    """Whether it is a method of the project's, of which no body was found."""
    of = evaluator.evaluate(callee, frame)
    return isinstance(of, FunctionType) and is_followed(of.function.module)
