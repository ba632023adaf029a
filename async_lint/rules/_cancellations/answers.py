"""What a function answers after a statement in it has ended the cancellation: something, or nothing."""

import ast
from collections.abc import Sequence

from async_lint.rules._cancellations.endings import endings
from async_lint.rules._cancellations.ways import Exit, Way


def answers(chain: Sequence[ast.AST], ways: Sequence[Exit]) -> bool:
    """Whether some way out of the last of a chain of nodes ends the function that begins it with a real answer."""
    last = (one for way in ways for one in endings(chain, way))
    return any(
        one.way is Way.RETURN and isinstance(one.node, ast.Return) and not _is_nothing(one.node.value) for one in last
    )


def _is_nothing(value: ast.expr | None) -> bool:
    """Whether it is what functions give that have nothing to give: `None`, `False`, `-1`, `[]`, `(None, 0)`."""
    match value:
        case None | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return True
        case ast.Constant(value=constant):
            return not constant
        case ast.Tuple(elts=elements):
            return all(map(_is_nothing, elements))
        case ast.List(elts=elements) | ast.Dict(keys=elements):
            return not elements
    return False
