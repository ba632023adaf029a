"""Conditions that hold wherever a resource is open: those that it was opened under, for what does not change later."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from async_lint.inference.face import blocks, descendants

# What gives the same when it is evaluated again, as long as nothing is assigned to its names.
_PLAIN = (ast.Name, ast.Attribute, ast.Constant, ast.Compare, ast.cmpop, ast.UnaryOp, ast.unaryop, ast.expr_context)
_LOOPS = ast.For | ast.AsyncFor | ast.While


def condition(test: ast.expr) -> tuple[str, bool]:
    """Return a test as a text that its negation has too, and whether the test says that or the opposite."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            text, said = condition(operand)
            return text, not said
        case ast.Compare(ops=[ast.IsNot()]):
            return ast.unparse(ast.Compare(test.left, [ast.Is()], test.comparators)), False
        case ast.Compare(ops=[ast.NotEq()]):
            return ast.unparse(ast.Compare(test.left, [ast.Eq()], test.comparators)), False
    return ast.unparse(test), True


def held(opening: ast.stmt, above: Sequence[ast.AST], name: str) -> Mapping[str, bool]:
    """Return the conditions that hold after `opening`, which stands below `above`, from the function down.

    `name` is the local of the resource.
    """
    stored = {
        ast.unparse(node)
        for node in descendants(above[0])
        if isinstance(node, ast.Name | ast.Attribute)
        and not isinstance(node.ctx, ast.Load)
        and (node.lineno, node.col_offset) >= (opening.lineno, opening.col_offset)
    }
    found = dict(_tested([*above, opening], stored))
    match opening:
        case ast.Assign(targets=[ast.Tuple(elts=parts)]):
            # What the same call gave is there too: `reader, writer = await open_connection(...)`.
            given = [part.id for part in parts if isinstance(part, ast.Name) and part.id != name]
            later = {ast.unparse(node) for node in _stores_behind(opening, above[0])}
            found |= {f"{one} is None": False for one in given if one not in later}
    return found | {f"{one} is None": False for one in _given_at_break(opening, above, name)}


def _tested(chain: Sequence[ast.AST], stored: set[str]) -> Iterator[tuple[str, bool]]:
    for outer, inner in pairwise(chain):
        parts = descendants(outer.test) if isinstance(outer, ast.If) else []
        if not isinstance(outer, ast.If) or not all(isinstance(part, _PLAIN) for part in parts):
            continue
        if stored.isdisjoint(ast.unparse(part) for part in parts if isinstance(part, ast.Name | ast.Attribute)):
            text, said = condition(outer.test)
            yield text, said is (inner in outer.body)


def _stores_behind(opening: ast.stmt, function: ast.AST) -> Iterator[ast.Name]:
    end = opening.end_lineno or opening.lineno, opening.end_col_offset or 0
    for node in descendants(function):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and (node.lineno, node.col_offset) > end:
            yield node


def _given_at_break(opening: ast.stmt, above: Sequence[ast.AST], name: str) -> Iterator[str]:
    """Yield what the resource gave right before the only `break` of the loop that opens it, and nowhere else.

    Who gets past the loop with an open one has that as well: `response = await client.send(request)`, `break`.
    """
    loop = next((outer for outer in reversed(above) if isinstance(outer, _LOOPS)), None)
    inside = descendants(loop) if loop is not None else []
    if sum(isinstance(node, ast.Break | _LOOPS) for node in inside) != 2:
        return
    stored = [node.id for node in _stores_behind(opening, above[0])]
    read = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for first, second in _pairs(inside):
        match first, second:
            case ast.Assign([ast.Name(given)], ast.Await(ast.Call(ast.Attribute(ast.Name(giver))))), ast.Break():
                if giver == name and stored.count(given) == 1 and given not in read:
                    yield given


def _pairs(nodes: Sequence[ast.AST]) -> Iterator[tuple[ast.stmt, ast.stmt]]:
    """Yield the statements that follow each other in the blocks of some nodes."""
    for node in nodes:
        if isinstance(node, ast.stmt):
            for block in blocks(node):
                yield from pairwise(block)
