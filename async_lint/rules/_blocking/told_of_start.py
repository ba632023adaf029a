"""Events that tell that a thread has started: it sets them first of all, so nobody waits for its work."""

import ast
from collections.abc import Sequence
from itertools import pairwise

from async_lint.inference.face import BlockingPath, Frame, ModuleView, Site, blocks, descendants, last_name

_EVENT = "threading.Event.wait"


def is_told_of_start(path: BlockingPath, call: Site, function: ast.AST, view: ModuleView) -> bool:
    """Whether an event is waited for right behind the `start()` of a thread whose first statement sets it.

    A helper may hold both.
    """
    if path.end.name != _EVENT or len(path.hops) > 1:
        return False
    body = (getattr(function, "body", []), call.frame)
    if path.hops:
        found = view.project.body(call.node.func, call.frame)
        if found is None or found[1].module.path != path.path:
            return False
        body = found
    pair = _pair_at(body[0], path.line if path.hops else call.node.lineno)
    match pair:
        case (ast.Expr(value=ast.Call(func=ast.Attribute(value=thread, attr="start"))), waiting):
            waited = {name for node in descendants(waiting) if (name := _waited_for(node))}
            return len(waited) == 1 and _sets_first(thread, waited.pop(), body[1], view)
    return False


def _pair_at(block: Sequence[ast.stmt], line: int) -> tuple[ast.stmt, ast.stmt] | None:
    """Return the statement of a line, in a block or below it, with the one before; None for the first of a block."""
    for before, statement in pairwise([None, *block]):
        if statement is not None and statement.lineno <= line <= (statement.end_lineno or line):
            inner = [pair for below in blocks(statement) if (pair := _pair_at(below, line)) is not None]
            if inner:
                return inner[0]
            return (before, statement) if before is not None and not list(blocks(statement)) else None
    return None


def _waited_for(node: ast.AST) -> str:
    """Return the last word of what is waited for; an empty one where that is nothing."""
    match node:
        case ast.Call(func=ast.Attribute(value=event, attr="wait")):
            return last_name(event)
    return ""


def _sets_first(thread: ast.expr, event: str, frame: Frame, view: ModuleView) -> bool:
    """Whether what a thread runs sets something of that name in its first statement."""
    made = view.project.origins(thread, frame)
    for site in made or ():
        target = next((keyword.value for keyword in site.node.keywords if keyword.arg == "target"), None)
        body = view.project.body(target, site.frame) if target is not None else None
        if body is None or not _sets(next((one for one in body[0] if not _is_text(one)), None), event):
            return False
    return bool(made)


def _sets(statement: ast.stmt | None, event: str) -> bool:
    # What the `finally` of the first statement does is done, whatever becomes of that.
    own = statement.finalbody if isinstance(statement, ast.Try) else [statement] if statement is not None else []
    for one in own:
        match one:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=value, attr="set"))) if last_name(value) == event:
                return True
    return False


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
