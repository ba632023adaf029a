"""Blocking calls behind which the program ends: nothing of use runs in its loop any more."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import BlockingPath, Frame, ModuleView, Site, blocks
from async_lint.rules._shared.program_exits import EXITS


def ends_program(path: BlockingPath, call: Site, function: ast.AST, view: ModuleView) -> bool:
    """Whether an exit of the program follows in the block of the call that blocks, which a helper may hold."""
    if not path.hops:
        return _exits_behind(getattr(function, "body", []), call.node.lineno, call.frame, view)
    body = view.project.body(call.node.func, call.frame) if len(path.hops) == 1 else None
    return body is not None and body[1].module.path == path.path and _exits_behind(body[0], path.line, body[1], view)


def _exits_behind(block: Sequence[ast.stmt], line: int, frame: Frame, view: ModuleView) -> bool:
    for index, statement in enumerate(block):
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            inner = list(blocks(statement))
            if inner:
                return any(_exits_behind(one, line, frame, view) for one in inner)
            return any(_is_exit(following, frame, view) for following in block[index + 1 :])
    return False


def _is_exit(statement: ast.stmt, frame: Frame, view: ModuleView) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=callee)):
            return view.names.name_of(callee, frame) in EXITS
    return False
