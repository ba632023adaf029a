"""Functions that let no error out: all that they do stands in a `try` that catches whatever fails."""

import ast
from collections.abc import Callable, Sequence

from async_lint.inference.face import Frame, ModuleView, Try, descendants
from async_lint.rules._shared.broad_handlers import catches_all_errors

_MAY_FAIL = (ast.Raise, ast.Assert, ast.Await, ast.AsyncWith, ast.AsyncFor)

IsBroad = Callable[[ast.ExceptHandler], bool]


def broad_in(frame: Frame, view: ModuleView) -> IsBroad:
    """Return what tells of a handler in a frame whether it catches every error."""
    return lambda handler: catches_all_errors(handler.type, frame, view)


def lets_no_error_out(body: Sequence[ast.stmt], is_broad: IsBroad) -> bool:
    """Whether nothing but a cancellation leaves a body early; that a log can be written is taken for granted."""
    return all(_is_harmless(statement) or _catches_all(statement, is_broad) for statement in body)


def _is_harmless(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Return(value=None | ast.Constant() | ast.Name()) | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name()], value=ast.Constant() | ast.Name()):
            return True
    return False


def _catches_all(statement: ast.stmt, is_broad: IsBroad) -> bool:
    if not isinstance(statement, Try) or not any(map(is_broad, statement.handlers)):
        return False
    handled = [node for handler in statement.handlers for one in handler.body for node in descendants(one)]
    if any(isinstance(node, _MAY_FAIL) for node in handled):
        return False
    return lets_no_error_out([*statement.orelse, *statement.finalbody], is_broad)
