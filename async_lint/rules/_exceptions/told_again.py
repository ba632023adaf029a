"""A `try` that only reads attributes, and an AttributeError in place of another whose text it repeats."""

from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Raised
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.failed_lookup import is_worked_out
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.quoted import texts_of
from async_lint.rules._shared.names import mentions, own_nodes

_MISSING = "builtins.AttributeError"
_FAILING = (cst.Call, cst.Subscript, cst.Await, cst.Yield, cst.NamedExpr, cst.BaseComp, cst.Lambda)


def tells_it_again(
    raised: cst.BaseExpression, handler: Handler, made: Sequence[Raised], statement: cst.Try, context: Context
) -> bool:
    """Whether attributes are all that a `try` reads, and an AttributeError is replaced by one with its text."""
    name = caught_name(handler)
    if name is None or handler.type is None or not _reads_attributes(statement, context):
        return False
    caught = {lineage.own for lineage in classes_caught(handler.type, context)}
    if caught != {_MISSING} or {new.lineage.own for new in made} != {_MISSING}:
        return False
    return any(mentions(text, name) for text in texts_of(raised, handler))


def _reads_attributes(statement: cst.Try, context: Context) -> bool:
    match statement.body.body:
        case [
            cst.SimpleStatementLine(
                body=[
                    cst.Return(value=cst.BaseExpression() as value)
                    | cst.Assign(targets=[cst.AssignTarget(target=cst.Name())], value=value)
                ]
            )
        ]:
            nodes = list(own_nodes(value))
            read = [node for node in nodes if isinstance(node, cst.Attribute)]
            fails = any(isinstance(node, _FAILING) for node in nodes)
            return bool(read) and not fails and not any(is_worked_out(node, context) for node in read)
    return False
