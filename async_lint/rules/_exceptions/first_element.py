"""A `try` around one element by its place: that there is none is all that an IndexError says."""

import ast

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import last_name
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.failed_lookup import is_worked_out
from async_lint.rules._exceptions.handlers import Handler, caught_name, nodes_in
from async_lint.rules._shared.names import mentions, own_nodes

_NO_PLACE = "builtins.IndexError"
_BY_PLACE = frozenset({"pop", "popleft"})


def is_of_first_element(handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether one element that is read by a number, as in `rows(table)[0]`, is all that fails with the IndexError.

    The handler catches nothing else and never looks at it. What gives the list may be any call: of a function of the
    project, as long as its body reads no element by its place.
    """
    name = caught_name(handler)
    if handler.type is None or (name is not None and mentions(handler.body, name)):
        return False
    lines = statement.body.body
    if not all(isinstance(line, cst.SimpleStatementLine) for line in lines):
        return False
    if {lineage.own for lineage in classes_caught(handler.type, context)} != {_NO_PLACE}:
        return False
    nodes = list(own_nodes(statement.body))
    read = [node for node in nodes if isinstance(node, cst.Subscript) and not _is_by_name(node)]
    if len(read) != 1 or not _is_by_number(read[0]) or is_worked_out(read[0], context):
        return False
    return not any(isinstance(node, cst.Call) and _may_read_by_place(node, context) for node in nodes)


def _is_by_name(node: cst.Subscript) -> bool:
    """Whether it is read by a text, or is a slice: neither raises IndexError."""
    match node.slice:
        case [cst.SubscriptElement(slice=cst.Slice() | cst.Index(value=cst.SimpleString() | cst.FormattedString()))]:
            return True
    return False


def _is_by_number(node: cst.Subscript) -> bool:
    match node.slice:
        case [
            cst.SubscriptElement(slice=cst.Index(value=cst.Integer() | cst.UnaryOperation(expression=cst.Integer())))
        ]:
            return True
    return False


def _may_read_by_place(call: cst.Call, context: Context) -> bool:
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in _BY_PLACE:
        return True
    counterpart = context.counterpart(call)
    if counterpart is None or not isinstance(counterpart.node, ast.Call):
        return True
    bodies = context.view.project.bodies(counterpart.node.func, counterpart.frame)
    return any(_reads_by_place(node) for statements, _ in bodies or () for node in nodes_in(statements))


def _reads_by_place(node: ast.AST) -> bool:
    match node:
        case ast.Subscript(slice=ast.Slice() | ast.Constant(value=str()), ctx=ast.Load()):
            return False
        case ast.Subscript(ctx=ast.Load()):
            return True
        case ast.Call(func=func):
            return last_name(func) in _BY_PLACE
        case ast.Raise(exc=ast.expr() as raised):
            return last_name(raised.func if isinstance(raised, ast.Call) else raised) == "IndexError"
    return False
