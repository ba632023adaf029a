"""Whether errors leave a function, as far as its own body tells."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Frame, ModuleView, Try, children

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_ALL_ERRORS = frozenset({"builtins.Exception", "builtins.BaseException"})


def loses_no_error(callee: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether the whole body of a function stands in a `try`, or a `suppress`, that lets no error out."""
    body = view.project.body(callee, frame)
    return body is not None and _is_caught(body[0], body[1], view)


def _is_caught(statements: Sequence[ast.stmt], frame: Frame, view: ModuleView) -> bool:
    return all(cannot_fail(statement) or catches_all(statement, frame, view) for statement in statements)


def cannot_fail(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Break() | ast.Continue() | ast.Global() | ast.Nonlocal() | ast.Return(value=None):
            return True
        case ast.Expr(ast.Constant()) | ast.Return(ast.Constant()) | ast.Assign([ast.Name()], ast.Constant()):
            return True
        case ast.Return(ast.Tuple(values)):
            return all(isinstance(value, ast.Name | ast.Constant) for value in values)
        case ast.Return(ast.Name()):
            return True
        # The annotation of a local is not evaluated.
        case ast.AnnAssign(target=ast.Name(), value=None | ast.Constant()):
            return True
    return False


def catches_all(statement: ast.stmt, frame: Frame, view: ModuleView) -> bool:
    if isinstance(statement, ast.While):
        # To evaluate the test of another loop may fail.
        endless = isinstance(statement.test, ast.Constant)
        return endless and not statement.orelse and _is_caught(statement.body, frame, view)
    if isinstance(statement, ast.With):
        # What a manager before it raises leaves.
        return _suppresses_all(statement.items[0].context_expr, frame, view)
    # What an `else` raises, the handlers above it do not catch.
    if not isinstance(statement, Try) or statement.orelse:
        return False
    if any(map(_raises, [*statement.handlers, *statement.finalbody])):
        return False
    return any(handler.type is None or _catches(handler.type, frame, view) for handler in statement.handlers)


def _suppresses_all(manager: ast.expr, frame: Frame, view: ModuleView) -> bool:
    if not isinstance(manager, ast.Call) or view.names.name_of(manager.func, frame) != "contextlib.suppress":
        return False
    return any(_catches(suppressed, frame, view) for suppressed in manager.args)


def _catches(caught: ast.expr, frame: Frame, view: ModuleView) -> bool:
    return any(lineage.own in _ALL_ERRORS for lineage in view.exceptions.classes_of(caught, frame))


def _raises(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) or (not isinstance(node, _SCOPES) and any(map(_raises, children(node))))
