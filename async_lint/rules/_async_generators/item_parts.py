"""Which parts of an item are None: as the loop asks that is left there, and as a `yield` gives it."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from async_lint.inference.face import Frame, ModuleView, descendants, leaves

# Whether a part is None, by its place in the tuple; those that nothing tells are missing.
Parts = Mapping[int, bool]
_WHOLE = -1
_LITERALS = ast.Tuple | ast.List | ast.Set | ast.Dict | ast.JoinedStr


def asked(loop: ast.AsyncFor, leaving: ast.stmt, frame: Frame, view: ModuleView) -> Parts:
    """Return what is sure of the item with which a statement leaves the loop around it."""
    names = [(node.id, place) for place, node in _parts(loop.target) if isinstance(node, ast.Name)]
    above = [*(view.project.above(leaving, frame) or ()), leaving]
    known: dict[str, bool] = {}
    for outer, inner in pairwise(above[above.index(loop) :] if loop in above else ()):
        if isinstance(outer, ast.If) and inner is not outer.test:
            known.update(_tested(outer.test, inner in outer.body))
    return {place: known[name] for name, place in names if name in known and not _sets(loop.body, name)}


def given(node: ast.Yield, above: Sequence[ast.AST]) -> Parts:
    """Return what is sure of the item that a `yield` gives, below the nodes `above` it."""
    if node.value is None:
        return {_WHOLE: True}
    found = {place: _is_none(value, [*above, node]) for place, value in _parts(node.value)}
    return {place: answer for place, answer in found.items() if answer is not None}


def fit(loop: Parts, item: Parts) -> bool:
    """Whether the loop may be left with such an item."""
    return all(item.get(place, is_none) is is_none for place, is_none in loop.items())


def _parts(node: ast.expr) -> Iterator[tuple[int, ast.expr]]:
    yield _WHOLE, node
    if isinstance(node, ast.Tuple) and not any(isinstance(element, ast.Starred) for element in node.elts):
        yield from enumerate(node.elts)


def _is_none(value: ast.expr, above: Sequence[ast.AST]) -> bool | None:
    match value:
        case ast.Constant(value=constant):
            return constant is None
        case ast.Name(id=name):
            return _proved(name, above)
    return False if isinstance(value, _LITERALS) else None


def _proved(name: str, above: Sequence[ast.AST]) -> bool | None:
    """Return what the conditions around the last node say of a name, and those before it that leave the block."""
    for index in range(len(above) - 1, 0, -1):
        outer, inner = above[index - 1], above[index]
        if isinstance(outer, ast.expr | ast.Expr):
            continue
        block = next((block for _, block in ast.iter_fields(outer) if isinstance(block, list) and inner in block), [])
        for before in reversed(block[: block.index(inner)] if block else []):
            if _sets([before], name):
                return None
            if isinstance(before, ast.If) and not before.orelse and leaves(before.body):
                facts = dict(_tested(before.test, False))
                if name in facts:
                    return facts[name]
        # What follows in a loop may have set it in the turn before.
        if not isinstance(outer, ast.If | ast.With | ast.AsyncWith):
            return None
        facts = dict(_tested(outer.test, inner in outer.body)) if isinstance(outer, ast.If) else {}
        if name in facts:
            return facts[name]
        if isinstance(outer, ast.With | ast.AsyncWith) and _sets(outer.items, name):
            return None
    return None


def _tested(test: ast.expr, held: bool) -> Iterator[tuple[str, bool]]:
    """Yield the names of which it is sure whether they are None, where a test came out as `held`."""
    match test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as op], comparators=[ast.Constant(None)]):
            yield name, isinstance(op, ast.Is) is held
        case ast.Name(id=name) if held:
            yield name, False
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _tested(operand, not held)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) is held:
            for value in values:
                yield from _tested(value, held)


def _sets(nodes: Sequence[ast.AST], name: str) -> bool:
    return any(
        isinstance(below, ast.Name) and below.id == name and not isinstance(below.ctx, ast.Load)
        for node in nodes
        for below in descendants(node)
    )
