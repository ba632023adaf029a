"""Code behind what never returns: no run comes there."""

from itertools import pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.handlers import Handler


def is_unreached(handler: Handler, context: Context) -> bool:
    """Whether the visited node stands in `handler` behind a call that never returns."""
    inside = [*context.ancestors[context.ancestors.index(handler) :], context.node]
    for block, child in pairwise(inside):
        for line in block.body if isinstance(block, cst.IndentedBlock) else ():
            if line is child:
                break
            if isinstance(line, cst.SimpleStatementLine) and never_ends(line, context):
                return True
    return False


def never_ends(block: cst.BaseSuite | cst.SimpleStatementLine, context: Context) -> bool:
    """Whether control never runs off the end of `block`."""
    match block.body[-1]:
        case cst.Return() | cst.Raise() | cst.Continue() | cst.Break():
            return True
        case cst.SimpleStatementLine() as line:
            return never_ends(line, context)
        case cst.If(body=body, orelse=cst.Else(body=other)):
            return never_ends(body, context) and never_ends(other, context)
        case cst.Expr(cst.Await(cst.Call() as call)):
            return _never_returns(call, True, context)
        case cst.Expr(cst.Call() as call):
            return _never_returns(call, False, context)
    return False


def _never_returns(call: cst.Call, awaited: bool, context: Context) -> bool:
    counterpart = context.counterpart(call.func)
    return counterpart is not None and context.view.exceptions.never_returns(
        counterpart.node, counterpart.frame, awaited
    )
