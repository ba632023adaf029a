"""What holds the value of an expression: nothing, a local name or container, or something out of sight."""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

import libcst as cst

from async_lint.context import Context
from async_lint.rules._tasks.scheduling import forgotten_callback, last_name

_ADDING = frozenset({"add", "append"})
_BRACKETS = (cst.Element, cst.Tuple, cst.List, cst.Set)
_TESTS = (cst.If, cst.While, cst.IfExp, cst.Assert)
_CALLBACK = "add_done_callback"


class By(Enum):
    """Who refers to a value."""

    NOTHING = "nothing"
    NAME = "name"
    CONTAINER = "container"
    CALLER = "caller"  # code that drops what its callback returns


class Held(NamedTuple):
    """`by` whom a value is held. `name` is that of the local, or of the code that the callback is handed to.

    `node` is the statement or the call that does so. `chained` is the call of `add_done_callback` in between.
    """

    by: By
    node: cst.CSTNode
    name: str = ""
    chained: cst.Call | None = None


def held(call: cst.Call, context: Context) -> Held | None:
    """Return what holds the result of the visited call; None where that is out of sight, or an owner."""
    above = context.ancestors
    node: cst.CSTNode = call
    many = False
    chained = None
    for index in range(len(above) - 1, -1, -1):
        parent = above[index]
        match parent:
            case cst.Expr():
                return Held(By.NOTHING, parent, chained=chained)
            case (
                cst.Assign(targets=[cst.AssignTarget(target=cst.Name(name)), *_]) | cst.AnnAssign(target=cst.Name(name))
            ):
                # `x = task.add_done_callback(cb)` binds None.
                return None if chained else Held(By.CONTAINER if many else By.NAME, parent, name)
            case cst.NamedExpr(target=cst.Name(name)) if isinstance(above[index - 1], cst.Expr):
                return None if chained else Held(By.CONTAINER if many else By.NAME, parent, name)
            # A test asks whether it is true, and lets go of it.
            case _ if isinstance(parent, _TESTS) and node is parent.test:
                return Held(By.NOTHING, parent, chained=chained)
            case cst.Attribute() if node is call and not many and parent.attr.value == _CALLBACK:
                pass
            case cst.Call() if node is parent.func and isinstance(node, cst.Attribute):
                chained = parent
            case cst.Arg():
                return _given(parent, above[:index], many, chained)
            case cst.Lambda() if node is parent.body:
                return _returned(parent, above[:index], context)
            case cst.IfExp() if node is not parent.test:
                pass
            case cst.BooleanOperation() if node is parent.right:
                pass
            case cst.ListComp() | cst.SetComp() if node is parent.elt:
                many = True
            case cst.DictComp() if node is parent.value:
                many = True
            case _ if isinstance(parent, _BRACKETS):
                many = True
            case _:
                return None
        node = parent
    return None


def _given(argument: cst.Arg, above: Sequence[cst.CSTNode], many: bool, chained: cst.Call | None) -> Held | None:
    call = above[-1]
    if many or chained or not isinstance(call, cst.Call) or argument.star or argument.keyword:
        return None
    match call.func:
        case cst.Attribute(value=cst.Name(name), attr=cst.Name(method)) if method in _ADDING:
            return Held(By.CONTAINER, call, name)
    return None


def _returned(callback: cst.Lambda, above: Sequence[cst.CSTNode], context: Context) -> Held | None:
    """Return the code that drops what a lambda returns."""
    if len(above) < 2 or not isinstance(above[-2], cst.Call):
        return None
    call = above[-2]
    if forgotten_callback(call, context) is not callback:
        return None
    return Held(By.CALLER, call, last_name(call.func))
