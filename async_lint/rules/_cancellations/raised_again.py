"""Functions that raise again what is being handled where they are called: by a `raise` that names nothing."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Frame, ModuleView, Try, blocks
from async_lint.rules._cancellations.cancellation import catches, own_nodes

_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def raises_cancellation_again(callee: ast.expr, frame: Frame, view: ModuleView, awaited: bool) -> bool:
    """Whether a function of the project may raise the cancellation that a handler around its call has caught."""
    for statements, own in view.project.bodies(callee, frame) or ():
        function = own.function
        # A coroutine function does nothing before it is awaited.
        if function is not None and function.is_async == awaited and _raises_again(statements, own, view):
            return True
    return False


def _raises_again(block: Sequence[ast.stmt], frame: Frame, view: ModuleView) -> bool:
    for statement in block:
        if isinstance(statement, ast.Raise) and statement.exc is None:
            return True
        if isinstance(statement, Try):
            # What its handlers raise again is mostly another exception, that of its body.
            inner = [statement.orelse, statement.finalbody]
            if _raises_again(statement.body, frame, view) and not _ends(statement, frame, view):
                return True
        elif isinstance(statement, ast.Match):
            inner = [case.body for case in statement.cases]
        else:
            inner = [] if isinstance(statement, _SCOPES) else [*blocks(statement)]
        if any(_raises_again(nested, frame, view) for nested in inner):
            return True
    return False


def _ends(statement: ast.Try, frame: Frame, view: ModuleView) -> bool:
    """Whether a cancellation that the body raises ends in a handler."""
    for handler in statement.handlers:
        if catches(handler.type, frame, view) is not None:
            return not any(isinstance(node, ast.Raise) and node.exc is None for node in own_nodes(handler.body))
    return False
