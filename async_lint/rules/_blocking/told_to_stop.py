"""Threads that are joined right after an event was set that tells them to end."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import BlockingPath, ModuleView, Site
from async_lint.rules._blocking.ended_by_loop import statement_before

_EVENT = "threading.Event"


def is_told_to_stop(path: BlockingPath, call: Site, around: Sequence[ast.AST], view: ModuleView) -> bool:
    """Whether an event of threads is set by the statement before the one that joins a thread.

    `around` are the nodes above the call, its function first.
    """
    if path.hops or path.end.blocker.kind != "join":
        return False
    match statement_before(around):
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=event, attr="set"), args=[])):
            return view.names.name_unless_none(event, call.frame) == _EVENT
    return False
