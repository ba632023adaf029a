"""New exceptions of the caught one's class that tell all of it again: its text, or its attributes."""

from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Raised
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.failed_lookup import is_worked_out
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.quoted import only_tells, texts_of
from async_lint.rules._exceptions.tried import is_plain, steps_of
from async_lint.rules._shared.names import mentions, own_nodes

_MISSING = "builtins.AttributeError"
_MISMATCH = "builtins.TypeError"
_BINDING = ("inspect.Signature.bind", "inspect.Signature.bind_partial")
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


def is_made_anew(raised: cst.BaseExpression, handler: Handler, made: Sequence[Raised], context: Context) -> bool:
    """Whether the caught exception's own class is made with an attribute of it, and with more of it beside.

    `raise OSError(err.errno, f"{path}: {err.strerror}")` says all that `err` does.
    """
    name = caught_name(handler)
    if name is None or handler.type is None or not isinstance(raised, cst.Call):
        return False
    caught = {lineage.own for lineage in classes_caught(handler.type, context)}
    if len(caught) != 1 or None in caught or caught != {new.lineage.own for new in made}:
        return False
    given = [argument.value for argument in raised.args]
    handed_on = [value for value in given if isinstance(value, cst.Attribute) and _is_name(value.value, name)]
    return bool(handed_on) and sum(mentions(value, name) for value in given) > 1


def repeats_mismatch(raised: cst.BaseExpression, handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether a `try` only binds arguments to a signature, and the new exception holds the text of what that found.

    Beside it, `inspect.Signature.bind` has nothing to say: its error comes from nowhere else.
    """
    name = caught_name(handler)
    if name is None or handler.type is None or not _only_binds(statement, context):
        return False
    caught = {lineage.own for lineage in classes_caught(handler.type, context)}
    return caught == {_MISMATCH} and only_tells(raised, handler, name, context)


def _only_binds(statement: cst.Try, context: Context) -> bool:
    match steps_of(statement, context):
        case [cst.Call(func=cst.Attribute(value=signature), args=arguments) as call]:
            used = [signature, *(argument.value for argument in arguments)]
            return all(map(is_plain, used)) and context.is_called(call, *_BINDING)
    return False


def _is_name(node: cst.BaseExpression, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


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
