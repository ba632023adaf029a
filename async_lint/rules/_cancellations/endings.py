"""How a function is left in the end, after a statement somewhere in it has been left."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import Try
from async_lint.rules._cancellations.ways import ANY, Exit, Handled, Loop, Way, exits


def endings(chain: Sequence[ast.AST], first: Exit, behind: Handled = ANY) -> list[Exit]:
    """Return the ways out of the function that begins a chain, when the last node of the chain is left by `first`.

    `behind` says how the conditions come out that follow.
    """
    ways = [first]
    for index in range(len(chain) - 1, 0, -1):
        outer, inner = chain[index - 1], chain[index]
        ways = [way for one in ways for way in _out_of(outer, inner, one, behind)]
    return ways


def fails(chain: Sequence[ast.AST], ways: Sequence[Exit], behind: Handled = ANY) -> bool:
    """Whether the function is sure to end by an exception, by whichever of these ways the last node is left."""
    last = [one for way in ways for one in endings(chain, way, behind)]
    return bool(last) and all(one.way is Way.RAISE for one in last)


def _out_of(outer: ast.AST, inner: ast.AST, one: Exit, behind: Handled) -> Iterator[Exit]:
    """Yield the ways out of `outer`, when `inner`, which stands right in it, is left."""
    ways = _to_the_end_of_its_block(outer, inner, behind) if one.way is Way.END else [one]
    if isinstance(outer, Loop) and inner in outer.body:
        ways = [after for way in ways for after in _out_of_loop(outer, way)]
    elif isinstance(outer, Try) and inner not in outer.finalbody:
        if inner in outer.body:
            ways = [after for way in ways for after in _out_of_body(outer, way)]
        last = exits(outer.finalbody)
        leaving = [way for way in last if way.way is not Way.END]
        # A `finally` that leaves takes the place of whatever was on its way.
        ways = leaving if last and len(last) == len(leaving) else [*ways, *leaving]
    yield from ways


def _to_the_end_of_its_block(outer: ast.AST, inner: ast.AST, behind: Handled) -> list[Exit]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(outer, name, None)
        if isinstance(block, list) and inner in block:
            rest = block[block.index(inner) + 1 :]
            return exits(rest, behind) if rest else [Exit(Way.END, block[-1])]
    assert isinstance(outer, ast.stmt | ast.ExceptHandler | ast.match_case)
    return [Exit(Way.END, outer if isinstance(outer, ast.stmt) else outer.body[-1])]


def _out_of_loop(loop: Loop, one: Exit) -> list[Exit]:
    match one.way:
        case Way.BREAK:
            return [Exit(Way.END, loop)]
        # In a later turn it may be left wherever its body leaves.
        case Way.END | Way.CONTINUE:
            return exits([loop])
    return [one]


def _out_of_body(statement: ast.Try, one: Exit) -> list[Exit]:
    match one.way:
        case Way.END if statement.orelse:
            return exits(statement.orelse)
        # It may be for one of the handlers there.
        case Way.RAISE:
            return [one, *(way for handler in statement.handlers for way in exits(handler.body))]
    return [one]
