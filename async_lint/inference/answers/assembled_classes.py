"""Classes that a call of `type` with three arguments makes, there or in a factory: `type(name, (Base,), {})`."""

import ast
from collections.abc import Iterator

from async_lint.inference.names.origins import Site, origins, results
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.values import ClassType, Frame

_DEPTH = 2  # a factory, and a function that calls it


def bases_given(evaluator: Evaluator, node: ast.expr, frame: Frame) -> list[tuple[ast.expr, Frame]]:
    """Return the bases, each with its frame, that the class which an expression denotes was made with.

    Empty unless all that it may be was made so.
    """
    bases = list(_bases(evaluator, node, frame, _DEPTH))
    return [] if None in bases else [pair for pair in bases if pair is not None]


def _bases(evaluator: Evaluator, node: ast.expr, frame: Frame, depth: int) -> Iterator[tuple[ast.expr, Frame] | None]:
    for site in origins(evaluator, node, frame) or ():
        match site.node:
            case ast.Call(args=[_, ast.Tuple(elts=elements), _]) if elements and _is_type(evaluator, site):
                yield from ((element, site.frame) for element in elements)
            case _:
                returned = results(evaluator, site) if depth else None
                if not returned:
                    yield None
                for value, inner in returned or ():
                    yield from _bases(evaluator, value, inner, depth - 1)


def _is_type(evaluator: Evaluator, site: Site) -> bool:
    callee = evaluator.evaluate(site.node.func, site.frame)
    return isinstance(callee, ClassType) and callee.cls.full_name == "builtins.type"
