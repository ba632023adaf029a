"""Parameters by which a caller asks for an exception in place of an answer: `get(url, raise_errors=True)`."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.face import Frame, argument, last_name
from async_lint.rules._cancellations.cancellation import own_nodes
from async_lint.rules._cancellations.endings import fails
from async_lint.rules._cancellations.ways import Exit, Way, exits


class Asked(NamedTuple):
    """`position` is the number of the parameter for who calls, -1 by keyword alone; `told` what has it raise."""

    name: str
    position: int
    default: ast.expr | None
    told: bool


def asked_errors(handler: ast.ExceptHandler, chain: Sequence[ast.AST], frame: Frame) -> frozenset[Asked]:
    """Return the parameters under which the function is sure to fail once `handler`, the end of a chain, has run."""
    function = chain[0]
    assert isinstance(function, ast.AsyncFunctionDef)
    set_anew = {node.id for node in own_nodes(function.body) if isinstance(node, ast.Name) and _is_set(node)}
    known = {name: (position, value) for name, position, value in _parameters(function, frame) if name not in set_anew}
    found: set[Asked] = set()
    for statement in handler.body:
        found.update(Asked(name, *known[name], told) for name, told in _raises_if(statement, chain) if name in known)
        if not isinstance(statement, ast.If) and any(one.way is not Way.END for one in exits([statement])):
            break
    return frozenset(found)


def asks(call: ast.Call, asked: frozenset[Asked]) -> bool:
    """Whether a call asks for the exception, be it by leaving a default as it is."""
    return any(_is(_given(call, one), one.told) for one in asked)


def _is_set(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


def _given(call: ast.Call, one: Asked) -> ast.expr | None:
    given = argument(call, one.name, one.position)
    hidden = any(isinstance(value, ast.Starred) for value in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    )
    return one.default if given is None and not hidden else given


def _is(value: ast.expr | None, told: bool) -> bool:
    return isinstance(value, ast.Constant) and bool(value.value) is told


def _parameters(function: ast.AsyncFunctionDef, frame: Frame) -> Iterator[tuple[str, int, ast.expr | None]]:
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(plain) - len(arguments.defaults)), *arguments.defaults]
    scope = frame.enclosing_function()
    owner = scope.function.owner if scope is not None and scope.function is not None else None
    bound = owner is not None and not any(last_name(one) == "staticmethod" for one in function.decorator_list)
    for index, (parameter, default) in enumerate(zip(plain, defaults, strict=True)):
        yield parameter.arg, index - bound, default
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield parameter.arg, -1, default


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
