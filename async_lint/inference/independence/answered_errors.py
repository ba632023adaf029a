"""A handler around a run that waits for an error of the project's own: run together, another step may fail first.

try:
    pool = await client.read_pool(name)            raises `PoolNotFound`
    workers = await client.read_workers(name)      of a pool that is not there raises something else
except PoolNotFound:
    raise ValueError(f"there is no pool {name}")
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.effects.interprocedural import is_followed
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.values import ClassType, Frame


def answered(evaluator: Evaluator, statement: ast.stmt, around: Sequence[ast.AST], frame: Frame) -> str:
    """Return as a clause which error a `try` around a statement answers; empty where none of the project's own.

    `around` are the nodes above the statement, the function first.
    """
    for node, child in zip(around, [*around[1:], statement], strict=True):
        if isinstance(node, ast.Try) and child in node.body:
            for kind in (one for handler in node.handlers for one in _named(handler.type)):
                of = evaluator.evaluate(kind, frame)
                if isinstance(of, ClassType) and is_followed(of.cls.module):
                    return f"`except {ast.unparse(kind)}` answers the error of the first that fails"
    return ""


def _named(kind: ast.expr | None) -> Iterator[ast.expr]:
    if isinstance(kind, ast.Tuple):
        yield from kind.elts
    elif kind is not None:
        yield kind
