"""Calls without arguments that only give an attribute, or a copy of it: no look-up fails in them."""

import ast
from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, ModuleView

_COPIES = frozenset({"dict", "list", "set", "tuple"})


def is_accessor(call: cst.Call, context: Context) -> bool:
    """Whether each function of the project that a call may run is in sight, and does no more than that."""
    counterpart = context.counterpart(call)
    if call.args or counterpart is None or not isinstance(counterpart.node, ast.Call):
        return False
    bodies = context.view.project.bodies(counterpart.node.func, counterpart.frame)
    return bodies is not None and all(_gives_attribute(body, inner, context.view) for body, inner in bodies)


def _gives_attribute(body: Sequence[ast.stmt], frame: Frame, view: ModuleView) -> bool:
    function = frame.function
    if function is None or function.is_async:
        return False
    match body:
        case [ast.Return(value=ast.expr() as value)] | [
            ast.Expr(value=ast.Constant()),
            ast.Return(value=ast.expr() as value),
        ]:
            return _only_reads(value, frame, view)
    return False


def _only_reads(value: ast.expr, frame: Frame, view: ModuleView) -> bool:
    match value:
        case ast.Name():
            return True
        case ast.Attribute(value=holder):
            return _only_reads(holder, frame, view) and not view.project.is_worked_out(value, frame)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _COPIES:
            is_copy = view.names.name_of(value.func, frame) == f"builtins.{name}"
            return is_copy and _only_reads(argument, frame, view)
    return False
