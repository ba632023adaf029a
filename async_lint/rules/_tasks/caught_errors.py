"""Whether errors leave a function, as far as its own body tells."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Frame, ModuleView, Try, children, descendants
from async_lint.rules._cancellations.cancellation import catches_no_error
from async_lint.rules._shared.broad_handlers import catches_all_errors
from async_lint.rules._tasks.held_waits import SLEEP, is_call_of

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_FAILING = (ast.Call, ast.Subscript, ast.BinOp, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)


def loses_no_error(callee: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether the whole body of a function stands in a `try`, or a `suppress`, that lets no error out."""
    body = view.project.body(callee, frame)
    return body is not None and _is_caught(body[0], body[1], view)


def _is_caught(statements: Sequence[ast.stmt], frame: Frame, view: ModuleView) -> bool:
    left = [statement for statement in statements if not cannot_fail(statement)]
    caught = [statement for statement in left if catches_all(statement, frame, view)]
    # A body that does no more than tell something is there for that, but for one that logs that a while has passed.
    is_more = bool(caught) or _logs_after_a_while(left, frame, view)
    return len(caught) == len(left) or (
        is_more and all(statement in caught or _tells_or_asks(statement, frame, view) for statement in left)
    )


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


def _logs_after_a_while(statements: Sequence[ast.stmt], frame: Frame, view: ModuleView) -> bool:
    if not any(_sleeps(statement, frame, view) for statement in statements):
        return False
    inner = (node for statement in statements for node in descendants(statement))
    names = [view.names.name_of(node.func, frame) or "" for node in inner if isinstance(node, ast.Call)]
    return any(name.startswith("logging.") for name in names) and "builtins.print" not in names


def _sleeps(statement: ast.stmt, frame: Frame, view: ModuleView) -> bool:
    """Whether a statement waits for seconds that are written out, be it as a constant somewhere else."""
    match statement:
        case ast.Expr(ast.Await(ast.Call(args=[seconds], keywords=[]) as call)):
            values = view.project.constants(seconds, frame) if is_call_of([SLEEP], call, frame, view) else None
            return bool(values) and all(isinstance(each.value, int | float) for each in values or ())
    return False


def _tells_or_asks(statement: ast.stmt, frame: Frame, view: ModuleView) -> bool:
    if _sleeps(statement, frame, view):
        return True
    match statement:
        # A module that is not there shows at the first start.
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(ast.Call(func, args, keywords)):
            given = [*args, *(keyword.value for keyword in keywords)]
            return _tells(func, frame, view) and all(map(_is_read, given))
        case ast.Assign([ast.Name()], ast.Name() | ast.Attribute() as value):
            return _is_read(value)
        case ast.If(test, body, orelse):
            inner = (*body, *orelse)
            return _is_read(test) and all(cannot_fail(one) or _tells_or_asks(one, frame, view) for one in inner)
    return False


def _tells(callee: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether a callee is `print` or a method of a logger, whose handlers keep their errors."""
    name = view.names.name_of(callee, frame)
    return name is not None and (name == "builtins.print" or name.startswith("logging."))


def _is_read(node: ast.AST) -> bool:
    """Whether an expression only reads names and attributes, or makes a text of them: `not self.closed`."""
    return not isinstance(node, _FAILING) and all(map(_is_read, children(node)))


def catches_all(statement: ast.stmt, frame: Frame, view: ModuleView) -> bool:
    if isinstance(statement, ast.While):
        # To evaluate another test may fail.
        return _is_read(statement.test) and not statement.orelse and _is_caught(statement.body, frame, view)
    if isinstance(statement, ast.With):
        # What a manager before it raises leaves.
        return _suppresses_all(statement.items[0].context_expr, frame, view)
    # What an `else` raises, the handlers above it do not catch.
    if not isinstance(statement, Try) or statement.orelse:
        return False
    handlers = [handler for handler in statement.handlers if not _raises_cancellation_again(handler, frame, view)]
    if any(map(_raises, [*handlers, *statement.finalbody])):
        return False
    return any(catches_all_errors(handler.type, frame, view) for handler in statement.handlers)


def _raises_cancellation_again(handler: ast.ExceptHandler, frame: Frame, view: ModuleView) -> bool:
    """Whether all that a handler raises is the cancellation that it caught, and a cancellation is no error."""
    match handler.body:
        case [*before, ast.Raise(exc=None)] if not any(map(_raises, before)):
            return catches_no_error(handler.type, frame, view)
    return False


def _suppresses_all(manager: ast.expr, frame: Frame, view: ModuleView) -> bool:
    if not isinstance(manager, ast.Call) or view.names.name_of(manager.func, frame) != "contextlib.suppress":
        return False
    return any(catches_all_errors(suppressed, frame, view) for suppressed in manager.args)


def _raises(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) or (not isinstance(node, _SCOPES) and any(map(_raises, children(node))))
