"""What an iteration writes to what all of them see, and whether a later one would see it.

A *place* is a dotted name whose first part is not the iteration's own: `self.seen`, `cache`, `self.state.last`.

    if key in self.seen: continue       reads the place `self.seen`
    self.seen.add(key)                  writes it: a later iteration sees that, so the order counts
    self.pages[key] = page              writes an entry that is the item's own: fine, where nothing else reads the place
    self.total += len(page)             adds up: no `await` between reading and writing, so nothing is lost
    self.last = page                    the last one stays: the order counts

What stands behind the last `await` of the iteration is no matter: it can be done in order when all have been awaited.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.independence.iteration import inside
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.syntax.binding import dotted
from async_lint.inference.syntax.nodes import descendants

_CHANGING = frozenset(
    ["add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop", "popitem", "popleft"]
    + ["remove", "setdefault", "sort", "update"]
)


class _Write(NamedTuple):
    """`node` is the expression that leads to the place; `orders`: that alone makes the order count."""

    place: str
    node: ast.expr
    orders: str = ""


def order_in_state(
    nodes: Iterable[ast.AST], iteration: Iteration, last: tuple[int, int], collected: Iterable[str] = ()
) -> str:
    """Return why what an iteration writes needs the order, in one clause; empty where nothing does.

    `last` is where its last `await` ends. `collected` are local collections and totals that are only added to.
    """
    nodes = list(nodes)
    kept = set(collected)
    writes = list(_writes(nodes, iteration))
    # Before the collected ones are left out: which one is kept counts in a local container, too.
    for write in writes:
        if write.orders and not _is_behind(write.node, last):
            return write.orders
    claimed = set(_claims(nodes))
    writes = [write for write in writes if write.place not in kept and id(write.node) not in claimed]
    places = {write.place for write in writes}
    ways = {id(node) for write in writes for node in descendants(write.node)}
    # An entry that goes by the item is no part of what others look at.
    ways |= {id(holder) for holder, key in _entries(nodes) if iteration.varies(key)}
    if not places:
        return ""
    early = {write.place for write in writes if not _is_behind(write.node, last)}
    for node, _ in inside(nodes):
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in ways:
            name = dotted(node)
            if name in places and (name in early or not _is_behind(node, last)):
                return f"`{name}` is both read and changed by each"
    return ""


def places_written(body: Sequence[ast.stmt]) -> set[str]:
    """Return the places that a function's body writes to, apart from those of objects that it makes itself."""
    return {write.place for write in _writes(list(body), Iteration(None, body))}


def _entries(nodes: list[ast.AST]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield the containers of which one entry is looked at or set, and its key."""
    for node, _ in inside(nodes):
        match node:
            case ast.Subscript(value=holder, slice=key):
                yield holder, key
            case ast.Call(func=ast.Attribute(value=holder, attr="get"), args=[key, *_]):
                yield holder, key


def _claims(nodes: list[ast.AST]) -> Iterator[int]:
    """Yield the nodes of containers that an item is put into right after it was looked for: nobody comes in between.

    if key not in self.seen:
        self.seen.add(key)
        await self.load(key)
    """
    for node, _ in inside(nodes):
        for block in (getattr(node, "body", []), getattr(node, "orelse", [])):
            yield from _claimed_in(block if isinstance(block, list) else [])
    yield from _claimed_in([node for node in nodes if isinstance(node, ast.stmt)])


def _claimed_in(block: list[ast.stmt]) -> Iterator[int]:
    for place, statement in enumerate(block):
        match statement:
            case ast.If(test=ast.Compare(left=key, ops=[ast.NotIn()], comparators=[container]), body=[first, *_]):
                pass
            case ast.If(test=ast.Compare(left=key, ops=[ast.In()], comparators=[container]), body=[ast.Continue()]):
                first = block[place + 1] if place + 1 < len(block) else statement
            case _:
                continue
        match first:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=holder, attr="add"), args=[added])):
                if ast.dump(holder) == ast.dump(container) and ast.dump(added) == ast.dump(key):
                    yield from map(id, (holder, container))


def _is_behind(node: ast.expr, last: tuple[int, int]) -> bool:
    return (node.lineno, node.col_offset) >= last


def _writes(nodes: list[ast.AST], iteration: Iteration) -> Iterator[_Write]:
    for node, _ in inside(nodes):
        match node:
            case ast.Assign(targets=targets):
                for target in targets:
                    yield from _stored(target, iteration)
            case ast.AnnAssign(target=target, value=ast.expr()):
                yield from _stored(target, iteration)
            case ast.Delete(targets=targets):
                for target in targets:
                    yield from _stored(target, iteration)
            # What is added up in a plain name is for `carried` to judge.
            case ast.AugAssign(target=ast.Attribute() | ast.Subscript() as target, value=value):
                if any(isinstance(part, ast.Await) for part in descendants(value)):
                    name = ast.unparse(target)
                    yield _Write(dotted(target), target, f"`{name}` is read before the `await` and written after it")
                yield from _stored(target, iteration, adds=True)
            case ast.Call(func=ast.Attribute(value=holder, attr=attr)) if attr in _CHANGING:
                # `self.add(...)` is a method of the class, whatever a list's is.
                own = dotted(holder) in ("self", "cls") or iteration.takes(node)
                if not own and _is_shared(holder, iteration):
                    yield _Write(dotted(holder), holder)


def _stored(target: ast.expr, iteration: Iteration, adds: bool = False) -> Iterator[_Write]:
    match target:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _stored(part, iteration)
        case ast.Starred(value=value):
            yield from _stored(value, iteration)
        case ast.Attribute() if _is_shared(target.value, iteration):
            yield _Write(
                dotted(target), target, "" if adds else f"`{ast.unparse(target)}` keeps what the last one gives"
            )
        case ast.Subscript(value=holder, slice=key) if _is_shared(holder, iteration):
            same = not adds and not iteration.varies(key)
            yield _Write(
                dotted(holder), holder, f"`{ast.unparse(target)}` keeps what the last one gives" if same else ""
            )


def _is_shared(holder: ast.expr, iteration: Iteration) -> bool:
    """Whether a place is one that all iterations have; an entry that goes by the item is the item's own."""
    return bool(dotted(holder)) and not iteration.of(holder).own
