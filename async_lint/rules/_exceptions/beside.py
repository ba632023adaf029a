"""What stands beside a handler and says that a cause is of no use: its `try`, its siblings, what follows."""

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Raised
from async_lint.rules._exceptions.casts import uncast
from async_lint.rules._exceptions.exceptions import classes_caught, classes_made
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.names import own_nodes

_LEAVING = (cst.Return, cst.Raise, cst.Break, cst.Continue)
_FAILING = (cst.Call, cst.Subscript, cst.Await)


def never_fails(statement: cst.Try, context: Context) -> bool:
    """Whether a `try` holds nothing that could fail: what stood there is commented out, or is a `cast`."""
    lines = statement.body.body
    small = [part for line in lines if isinstance(line, cst.SimpleStatementLine) for part in line.body]
    return len(small) >= len(lines) and all(_does_nothing(part, context) for part in small)


def is_set_up(statement: cst.Try) -> bool:
    """Whether a `try` does nothing but raise what is written out: it fails on purpose."""
    match statement.body.body:
        case [cst.SimpleStatementLine(body=[cst.Raise() as only])]:
            return is_written_out(only)
    return False


def is_written_out(node: cst.Raise) -> bool:
    """Whether a `raise` works nothing out: what it raises is a call of a class with plain arguments."""
    match node:
        case cst.Raise(exc=cst.Call(func=cls, args=args), cause=None):
            parts = [cls, *(argument.value for argument in args)]
            return not any(isinstance(node, _FAILING) for part in parts for node in own_nodes(part))
    return False


def is_of_result(handler: Handler) -> bool:
    """Whether a generator's end was caught for what it returned: `except StopIteration as end`, then `end.value`."""
    name = caught_name(handler)
    match handler:
        case cst.ExceptHandler(type=cst.Name(value="StopIteration"), body=body) if name is not None:
            parts = (node for node in own_nodes(body) if isinstance(node, cst.Attribute))
            return any(part.attr.value == "value" and _is_name(part.value, name) for part in parts)
    return False


def _is_name(node: cst.BaseExpression, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def is_decided_beside(handler: Handler, statement: cst.Try) -> bool:
    """Whether another handler of the `try` raises `from None`: who wrote that knows of causes."""
    others = (other for other in statement.handlers if other is not handler)
    return any(_is_from_none(node) for other in others for node in own_nodes(other.body))


def is_shadowed(handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether the handlers above it in its `try` leave it nothing to catch."""
    if handler.type is None:
        return False
    above = [other.type for other in statement.handlers[: statement.handlers.index(handler)] if other.type is not None]
    # What is written in the same way is the same class, whichever that is.
    written = {context.code(named) for kind in above for named in _named(kind)}
    if all(context.code(named) in written for named in _named(handler.type)):
        return True
    taken = {lineage.own for kind in above for lineage in classes_caught(kind, context)} - {None}
    caught = classes_caught(handler.type, context) if taken else ()
    return bool(caught) and all(not taken.isdisjoint(lineage.names) for lineage in caught)


def _named(kind: cst.BaseExpression) -> list[cst.BaseExpression]:
    return [element.value for element in kind.elements] if isinstance(kind, cst.Tuple) else [kind]


def is_raised_either_way(made: tuple[Raised, ...], handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether the `raise` right behind the `try` raises the same class, whatever became of that."""
    block = context.ancestors[context.ancestors.index(handler) - 2]
    if statement.orelse or not isinstance(block, (cst.IndentedBlock, cst.Module)):
        return False
    following = block.body[next(i for i, one in enumerate(block.body) if one is statement) + 1 :]
    if any(isinstance(node, _LEAVING) for node in own_nodes(statement.body)):
        return False
    if sum(isinstance(node, cst.Raise) for node in own_nodes(handler.body)) != 1:
        return False
    match following:
        case [cst.SimpleStatementLine(body=[cst.Raise(exc=cst.BaseExpression() as raised)]), *_]:
            own = {new.lineage.own for new in classes_made(raised, context)}
            return own == {new.lineage.own for new in made} and None not in own
    return False


def _does_nothing(part: cst.BaseSmallStatement, context: Context) -> bool:
    match part:
        case cst.Pass() | cst.Expr(value=cst.Ellipsis() | cst.SimpleString()):
            return True
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name())], value=cst.Call() as value):
            return isinstance(uncast(value, context), cst.Name) or _is_asked_for(value, context)
    return False


def _is_asked_for(value: cst.Call, context: Context) -> bool:
    """Whether a dict is asked for a key that is written out: without it, it gives None."""
    match value:
        case cst.Call(
            func=cst.Attribute(value=cst.Name(), attr=cst.Name(value="get")), args=[cst.Arg(value=cst.SimpleString())]
        ):
            return context.is_called(value, "builtins.dict.get")
    return False


def _is_from_none(node: cst.CSTNode) -> bool:
    match node:
        case cst.Raise(cause=cst.From(item=cst.Name(value="None"))):
            return True
    return False
