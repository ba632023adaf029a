"""Plain functions that do something before they give what may be awaited: to call them is of use by itself."""

import ast

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, Function, How, ModuleView, Touch, body_of, inside

_WARNS = frozenset({"warnings.warn", "_warnings.warn"})
_DEPTH = 2


def works_at_once(call: cst.Call, context: Context) -> bool:
    """Whether the callee is a plain function of the project that changes something, or warns, before it returns."""
    counterpart = context.counterpart(call)
    if counterpart is None or not isinstance(counterpart.node, ast.Call):
        return False
    return _works(counterpart.node.func, counterpart.frame, context.view, _DEPTH)


def _works(callee: ast.expr, frame: Frame, view: ModuleView, depth: int) -> bool:
    found = view.project.body(callee, frame)
    function = found[1].function if found is not None else None
    if found is None or function is None or function.is_async:
        return False
    statements, inner = found
    return any(_does_something(node, inner, function, view, depth) for node, _ in inside(statements))


def _does_something(node: ast.AST, frame: Frame, function: Function, view: ModuleView, depth: int) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return any(_is_outside(target, function) for target in targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
            return _is_outside(target, function)
        case ast.Expr(value=ast.Call(func=callee)):
            if view.names.name_of(callee, frame) in _WARNS or (depth > 1 and _works(callee, frame, view, depth - 1)):
                return True
            # What cannot be followed may be what the function is called for.
            is_local = isinstance(callee, ast.Attribute) and not _is_outside(callee, function)
            return not is_local and view.effects.of_callee(callee, frame).touch is not Touch.READS
    return False


def _is_outside(target: ast.expr, function: Function) -> bool:
    """Whether an attribute or an element belongs to something that the function did not make itself."""
    if isinstance(target, ast.Tuple | ast.List):
        return any(_is_outside(element, function) for element in target.elts)
    root = target
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    if root is target:
        return False
    bound = body_of(function).table.get(root.id, ()) if isinstance(root, ast.Name) else ()
    return not bound or any(binding.how is not How.ASSIGN for binding in bound)
