"""Calls on one connection in one block: what is said to one server is one conversation, and one finding.

server = smtplib.SMTP(host)          here
try:
    server.login(name, word)         and nowhere else
    server.send_message(letter)
finally:
    server.close()
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import BlockingPath, ModuleView, Site, Try, Wanted, blocks, children, inside
from async_lint.rules._blocking.on_the_loop import is_harmless

_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_STEPS = 3  # from what is called to the connection: a cursor, and the connection of that


def conversation(
    path: BlockingPath, call: Site, around: Sequence[ast.AST], wanted: Wanted, view: ModuleView
) -> list[ast.Call]:
    """Return the calls that block on the same connection in the same block, with the given one, in their order.

    `around` are the nodes above the call, its function first.
    """
    calls = _calls(_block(around)) if _is_said(path) else ()
    ordered = sorted(calls, key=lambda node: (node.end_lineno or 0, node.end_col_offset or 0))
    if call.node not in ordered:
        return [call.node]
    made = _made_by(call, view)
    others = (Site(node, call.frame) for node in ordered)
    return [
        other.node
        for other in others
        if other.node is call.node or (_blocks(other, wanted, view) and _made_by(other, view) is made)
    ]


def _is_said(path: BlockingPath | None) -> bool:
    return path is not None and not path.hops and path.end.blocker.is_conversation


def _blocks(call: Site, wanted: Wanted, view: ModuleView) -> bool:
    """Whether a call says something to a connection, and is reported if nothing is reported before it."""
    path = view.blocking.path(*call, wanted)
    around = view.project.above(*call) if _is_said(path) else None
    if path is None or around is None or isinstance(around[-1], ast.Await):
        return False
    return not is_harmless(path, call, around, view)


def _made_by(call: Site, view: ModuleView) -> ast.Call:
    """Return the call that made the connection of another one, which may be itself."""
    for _ in range(_STEPS):
        made = (
            view.project.origins(call.node.func.value, call.frame) if isinstance(call.node.func, ast.Attribute) else ()
        )
        if not made or len(made) > 1:
            break
        call = made[0]
    return call.node


def _block(around: Sequence[ast.AST]) -> Sequence[ast.stmt]:
    """Return the outermost block whose every statement a run goes through that comes to the innermost node."""
    statements = [node for node in around if isinstance(node, ast.stmt)]
    block: Sequence[ast.stmt] = ()
    for index in range(len(statements) - 1, 0, -1):
        owner = statements[index - 1]
        block = next(one for one in blocks(owner) if statements[index] in one)
        if not _goes_through(owner, block):
            break
    return block


def _calls(block: Sequence[ast.stmt]) -> Iterator[ast.Call]:
    """Yield the calls that a run makes once which goes through a block."""
    for statement in block:
        if isinstance(statement, _DEFINITIONS):
            continue
        held = [
            child
            for child in children(statement)
            if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        ]
        yield from (node for node, nested in inside(held) if isinstance(node, ast.Call) and not nested)
        for inner in blocks(statement):
            if _goes_through(statement, inner):
                yield from _calls(inner)


def _goes_through(statement: ast.AST, block: Sequence[ast.stmt]) -> bool:
    """Whether a run that comes to a compound statement goes through one of its blocks, if nothing fails."""
    if isinstance(statement, Try):
        return block in (statement.body, statement.orelse, statement.finalbody)
    return isinstance(statement, ast.With | ast.AsyncWith)
