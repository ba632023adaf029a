"""How a condition comes out, from what is known of its parts."""

import ast
from collections.abc import Callable


def decided(test: ast.expr, known: Callable[[ast.expr], bool | None]) -> bool | None:
    """Return whether a test is true, None where nothing tells; `known` answers for what is no `not`, `and` and `or`."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = decided(operand, known)
            return None if inner is None else not inner
        case ast.BoolOp(op=op, values=values):
            decisive = isinstance(op, ast.Or)
            outcomes = [decided(value, known) for value in values]
            if decisive in outcomes:
                return decisive
            return None if None in outcomes else not decisive
    return known(test)
