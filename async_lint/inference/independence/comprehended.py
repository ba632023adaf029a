"""Where an expression of a function stands: in the function itself, or in a comprehension with names of its own."""

import ast

from async_lint.inference.modules import walk
from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Function
from async_lint.inference.types.scope import Unit, function_scope
from async_lint.inference.types.values import Frame


def frame_within(part: ast.expr, function: Function) -> Frame:
    """Return the frame of an expression that may stand in a comprehension of a function."""
    frame = function_scope(function)
    for statement in body_of(function).statements:
        if statement.lineno <= part.lineno <= (statement.end_lineno or part.lineno):
            for node, inner in walk.nodes(Unit(statement, frame)):
                if node is part:
                    return inner
    return frame
