"""What a generator yields, read from its body."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function
from async_lint.inference.syntax.nodes import children
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import NONE, UNKNOWN, Frame, Type

_OTHERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def yielded_by_body(evaluator: Evaluator, function: Function, frame: Frame) -> Type:
    """Join what the `yield` expressions give; one that nothing is known of makes it unknown."""
    items = [_item(evaluator, node, frame) for node in _yields(body_of(function).statements)]
    return join(items) if items else UNKNOWN


def _item(evaluator: Evaluator, node: ast.Yield | ast.YieldFrom, frame: Frame) -> Type:
    if isinstance(node, ast.YieldFrom):
        return evaluator.element(evaluator.evaluate(node.value, frame), False)
    return NONE if node.value is None else evaluator.evaluate(node.value, frame)


def _yields(statements: Sequence[ast.stmt]) -> Iterator[ast.Yield | ast.YieldFrom]:
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            yield node
        # What is yielded in there is theirs.
        if not isinstance(node, _OTHERS):
            waiting.extend(children(node))
