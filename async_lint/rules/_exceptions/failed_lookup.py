"""A `try` around one look-up whose handler has words of its own for what was not there."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.names import leaves, mentions, own_nodes

NO_ITEM = frozenset({"builtins.IndexError", "builtins.KeyError", "builtins.LookupError"})
_NO_ATTRIBUTE = frozenset({"builtins.AttributeError"})
_NO_VALUE = frozenset({"builtins.ValueError"})
_NO_NUMBER = frozenset({"builtins.OverflowError", "builtins.TypeError", "builtins.ValueError"})
_NO_STRUCTURE = frozenset({"struct.error", "_struct.error"})
_NOTHING: frozenset[str] = frozenset()

# That no event loop runs is all that these say with it.
_OF_LOOP = ("asyncio.all_tasks", "asyncio.current_task", "asyncio.get_event_loop", "asyncio.get_running_loop")
_NO_LOOP = frozenset({"builtins.RuntimeError"})
_LOOKUPS = _NO_VALUE | _NO_STRUCTURE | _NO_LOOP

# What methods of the built-in classes fail with; what they are called is asked only where nothing tells the class.
METHODS = {
    "index": _NO_VALUE,
    "pop": NO_ITEM,
    "popitem": NO_ITEM,
    "popleft": NO_ITEM,
    "remove": frozenset({"builtins.KeyError", "builtins.ValueError"}),
    **dict.fromkeys(
        ("casefold", "copy", "get", "items", "keys", "lower", "lstrip", "partition", "rpartition", "rsplit", "rstrip")
        + ("split", "splitlines", "strip", "upper", "values"),
        _NOTHING,
    ),
}
FUNCTIONS = {
    **dict.fromkeys(("float", "int"), _NO_NUMBER),
    **dict.fromkeys(("bool", "dict", "iter", "len", "list", "reversed", "set", "str", "tuple", "type"), _NOTHING),
}
_UNPACKING = ("struct.unpack", "struct.unpack_from")
_FROM_CONTEXT = "contextvars.ContextVar.get"
_UNSEEN = (cst.Await, cst.Yield, cst.BaseComp, cst.Lambda, cst.NamedExpr)


def is_failed_lookup(handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether one look-up is all that can fail in a `try` as the handler catches it.

    The handler never looks at what it caught.
    """
    name = caught_name(handler)
    if handler.type is None or (name is not None and mentions(handler.body, name)):
        return False
    match statement.body.body:
        case [cst.SimpleStatementLine(body=[only])]:
            caught = {lineage.own for lineage in classes_caught(handler.type, context)}
        case _:
            return False
    return bool(caught) and caught <= _LOOKUPS and _fails_once(only, caught, context)


def _fails_once(statement: cst.BaseSmallStatement, caught: set[str | None], context: Context) -> bool:
    """Whether one thing in a statement can fail as it is caught, and that is to look something up."""
    parts = (*_values(statement), *_targets(statement))
    found = [failures_of(node, context) for part in parts for node in own_nodes(part)]
    if _is_unpacking(statement):
        found.append(_NO_VALUE)
    failing = [failures for failures in found if failures is None or not caught.isdisjoint(failures)]
    return len(failing) == 1 and failing[0] not in (None, _NO_NUMBER)


def _values(statement: cst.BaseSmallStatement) -> list[cst.BaseExpression]:
    match statement:
        case cst.Assign(value=value) | cst.AnnAssign(value=cst.BaseExpression() as value):
            return [value]
        case cst.Return(value=cst.BaseExpression() as value) | cst.Expr(value=value) | cst.Del(target=value):
            return [value]
    return []


def _targets(statement: cst.BaseSmallStatement) -> Iterator[cst.Attribute | cst.Subscript]:
    """Yield what a statement assigns to, plain names left out."""
    targets: list[cst.BaseExpression] = []
    if isinstance(statement, cst.Assign):
        targets = [target.target for target in statement.targets]
    elif isinstance(statement, cst.AnnAssign):
        targets = [statement.target]
    for leaf in (leaf for target in targets for leaf in leaves(target)):
        if isinstance(leaf, (cst.Attribute, cst.Subscript)):
            yield leaf


def _is_unpacking(statement: cst.BaseSmallStatement) -> bool:
    return isinstance(statement, cst.Assign) and any(
        isinstance(target.target, (cst.Tuple, cst.List)) for target in statement.targets
    )


def failures_of(node: cst.CSTNode, context: Context) -> frozenset[str] | None:
    """Return what a node fails with by itself, whatever is below it; None where that may be anything."""
    match node:
        case cst.Subscript(slice=elements):
            if is_worked_out(node, context):
                return None
            sliced = any(isinstance(element.slice, cst.Slice) for element in elements)
            return _NOTHING if sliced else NO_ITEM
        case cst.Attribute():
            return None if is_worked_out(node, context) else _NO_ATTRIBUTE
        case cst.Call():
            return _failures_of_call(node, context)
        case cst.BinaryOperation(operator=cst.Modulo()):
            return None
    return None if isinstance(node, _UNSEEN) else _NOTHING


def _failures_of_call(call: cst.Call, context: Context) -> frozenset[str] | None:
    callee = context.name_of(call.func)
    match call:
        case cst.Call(func=cst.Attribute(attr=cst.Name(value="get")), args=[]) if context.is_called(
            call, _FROM_CONTEXT
        ):
            return NO_ITEM
        case cst.Call(func=cst.Name(value=name)) if callee == f"builtins.{name}":
            return FUNCTIONS.get(name)
        case cst.Call(args=[cst.Arg(value=cst.SimpleString()), *_]) if context.is_called(call, *_UNPACKING):
            return _NO_STRUCTURE
        case cst.Call(args=[]) if context.is_called(call, *_OF_LOOP):
            return _NO_LOOP
        case cst.Call(func=cst.Attribute(attr=cst.Name(value=method))) if method in METHODS:
            # A function of somebody else by that name may fail of anything.
            is_builtin = callee is None or callee.startswith(("builtins.", "collections.", "typing."))
            return METHODS[method] if is_builtin else None
    return None


def is_worked_out(node: cst.Subscript | cst.Attribute, context: Context) -> bool:
    """Whether code of the project gives what is read, or nothing tells."""
    counterpart = context.counterpart(node)
    if counterpart is None or not isinstance(counterpart.node, ast.Attribute | ast.Subscript):
        return True
    return context.view.project.is_worked_out(counterpart.node, counterpart.frame)
