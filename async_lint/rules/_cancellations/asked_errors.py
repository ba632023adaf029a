"""Parameters by which a caller asks for an exception in place of an answer: `get(url, raise_errors=True)`."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.face import Frame, argument
from async_lint.rules._cancellations.cancellation import own_nodes
from async_lint.rules._cancellations.endings import fails
from async_lint.rules._cancellations.ways import Exit, Way, exits
from async_lint.rules._shared.parameter_for import Placed, hides_arguments, placed


class Asked(NamedTuple):
    """`told` is what has the function raise."""

    parameter: Placed
    told: bool


def asked_errors(handler: ast.ExceptHandler, chain: Sequence[ast.AST], frame: Frame) -> frozenset[Asked]:
    """Return the parameters under which the function is sure to fail once `handler`, the end of a chain, has run."""
    function = chain[0]
    assert isinstance(function, ast.AsyncFunctionDef)
    set_anew = {node.id for node in own_nodes(function.body) if isinstance(node, ast.Name) and _is_set(node)}
    scope = frame.enclosing_function()
    own = scope.function if scope is not None else None
    known = {one.name: one for one in (placed(own) if own is not None else ()) if one.name not in set_anew}
    found: set[Asked] = set()
    for statement in handler.body:
        found.update(Asked(known[name], told) for name, told in _raises_if(statement, chain) if name in known)
        if not isinstance(statement, ast.If) and any(one.way is not Way.END for one in exits([statement])):
            break
    return frozenset(found)


def asks(call: ast.Call, asked: frozenset[Asked]) -> bool:
    """Whether a call asks for the exception, be it by leaving a default as it is."""
    return any(_is(_given(call, one.parameter), one.told) for one in asked)


def _is_set(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


def _given(call: ast.Call, parameter: Placed) -> ast.expr | None:
    value = argument(call, parameter.name, parameter.position)
    return parameter.default if value is None and not hides_arguments(call) else value


def _is(value: ast.expr | None, told: bool) -> bool:
    return isinstance(value, ast.Constant) and bool(value.value) is told


def _raises_if(statement: ast.stmt, chain: Sequence[ast.AST]) -> Iterator[tuple[str, bool]]:
    match statement:
        case ast.If(test=ast.Name(id=name), body=body, orelse=orelse):
            told = True
        case ast.If(test=ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)), body=body, orelse=orelse):
            told = False
        case _:
            return
    for block, value in ((body, told), (orelse, not told)):
        # A bare `raise` is no way out of its own: the exception goes on.
        if block and all(one.way is Way.RAISE for one in exits(block)) and fails(chain, [Exit(Way.RAISE, block[-1])]):
            yield name, value
