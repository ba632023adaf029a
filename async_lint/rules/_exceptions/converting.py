"""Functions of the project that let no exception out but those of a class of their own choice."""

import ast
from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, ModuleView
from async_lint.rules._shared.broad_handlers import catches_all_errors


def never_lets_out(call: cst.Call, caught: str, context: Context) -> bool:
    """Whether whatever fails in the called function, or in one that overrides it, becomes something else than `caught`.

    Its body is one `try`, with a handler for all exceptions, and each handler raises a new one.
    """
    counterpart = context.counterpart(call)
    if counterpart is None or not isinstance(counterpart.node, ast.Call):
        return False
    view = context.view
    bodies = view.project.bodies(counterpart.node.func, counterpart.frame)
    return bool(bodies) and all(_converts(statements, caught, own, view) for statements, own in bodies or ())


def _converts(statements: Sequence[ast.stmt], caught: str, frame: Frame, view: ModuleView) -> bool:
    if ast.get_docstring(ast.Module([*statements], []), clean=False) is not None:
        statements = statements[1:]
    match statements:
        case [ast.Try(handlers=handlers, orelse=[], finalbody=[])]:
            catches_all = any(catches_all_errors(handler.type, frame, view) for handler in handlers)
            return catches_all and all(_raises_another(handler, caught, frame, view) for handler in handlers)
    return False


def _raises_another(handler: ast.ExceptHandler, caught: str, frame: Frame, view: ModuleView) -> bool:
    match handler.body:
        case [ast.Raise(exc=ast.Call() as exception)]:
            made = view.exceptions.raised(exception, frame)
            return bool(made) and all(new.lineage.complete and caught not in new.lineage.names for new in made)
    return False
