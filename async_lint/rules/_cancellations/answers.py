"""What a function answers after a statement in it has ended the cancellation: something, or nothing."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from async_lint.rules._cancellations.endings import endings
from async_lint.rules._cancellations.unchanged_names import behind, unchanged_names
from async_lint.rules._cancellations.ways import Exit, Way


def answers(chain: Sequence[ast.AST], ways: Sequence[Exit]) -> bool:
    """Whether some way out of the last of a chain of nodes ends the function that begins it with a real answer."""
    names = unchanged_names(chain)
    last = (one for way in ways for one in endings(chain, way, behind(names)))
    returns = (one.node for one in last if one.way is Way.RETURN)
    return any(isinstance(one, ast.Return) and not _is_nothing(one.value, names) for one in returns)


def _is_nothing(value: ast.expr | None, names: Mapping[str, Any]) -> bool:
    """Whether it is what functions give that have nothing to give: `None`, `False`, `-1`, `[]`, `(None, 0)`."""
    match value:
        case None | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return True
        case ast.Constant(value=constant):
            return not constant
        case ast.Name(id=name):
            return name in names and not names[name]
        case ast.Tuple(elts=elements):
            return all(_is_nothing(element, names) for element in elements)
        case ast.List(elts=elements) | ast.Dict(keys=elements):
            return not elements
    return False
