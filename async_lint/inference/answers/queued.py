"""Commands that a pipeline collects: to make one is of use, whatever its type says of awaiting it.

`async with client.pipeline() as pipe: Library(pipe).publish(...)` sends it when the block ends.
"""

import ast
from collections.abc import Iterator

from async_lint.inference.calls.overloads import is_pipeline
from async_lint.inference.names.origins import origins
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import Frame


def may_be_queued(evaluator: Evaluator, call: ast.Call, frame: Frame) -> bool:
    """Whether a call, or what made its receiver, is given a pipeline."""
    return any(_may_collect(evaluator, *given) for given in _given(evaluator, call, frame))


def _given(evaluator: Evaluator, call: ast.Call, frame: Frame) -> Iterator[tuple[ast.expr, Frame]]:
    sites = [(call, frame)]
    if isinstance(call.func, ast.Attribute):
        sites += origins(evaluator, call.func.value, frame) or ()
    for site, inner in sites:
        for argument in (*site.args, *(keyword.value for keyword in site.keywords)):
            yield argument, inner


def _may_collect(evaluator: Evaluator, argument: ast.expr, frame: Frame) -> bool:
    # What `async with` gives of a pipeline may be unknown where the pipeline itself is not.
    made = [evaluator.evaluate(site.node, site.frame) for site in origins(evaluator, argument, frame) or ()]
    values = (evaluator.evaluate(argument, frame), *made)
    return any(is_pipeline(evaluator, option) for value in values for option in options(value))
