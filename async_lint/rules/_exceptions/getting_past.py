"""The handlers that let what follows their loop run: not one that raises again on the last attempt."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import libcst as cst

from async_lint.rules._exceptions.handlers import Handler
from async_lint.rules._shared.names import SCOPES, bindings, leaves, own_nodes
from async_lint.trees.walk import children


class _Place(NamedTuple):
    """A place in a statement.

    `goes_on`: whether control gets from its end to what follows the statement; `breaks`, `continues`: whether it gets
    there by these from the closest loop around it; `counts`: the names that tell one turn of the loops around it from
    another; `caught`: whether what is raised there may be caught before it leaves.
    """

    goes_on: bool = True
    breaks: bool = True
    continues: bool = True
    counts: frozenset[str] = frozenset()
    caught: bool = False


def handlers_past(statement: cst.CSTNode) -> Iterator[Handler]:
    """Yield the handlers in `statement` that may be followed by what comes after it, with what they caught at hand."""
    return _handlers(statement, _Place())


def _handlers(node: cst.CSTNode, place: _Place) -> Iterator[Handler]:
    # No handler stands in a line or an expression, and one of another scope follows that one's ways.
    if isinstance(node, (cst.SimpleStatementLine, cst.BaseExpression, *SCOPES)):
        return
    if isinstance(node, Handler) and _goes_on(node.body, place):
        yield node
    if isinstance(node, cst.IndentedBlock):
        yield from _in_turn(node.body, place)
        return
    if isinstance(node, (cst.For, cst.While)):
        # From the end of its body a loop goes on to the next turn, or to its `else`, and then to what follows.
        if _is_left(node):
            turned = _otherwise(node.orelse, place)
            counts = place.counts | _counts(node)
            yield from _handlers(node.body, _Place(turned, place.goes_on, turned, counts, place.caught))
        if node.orelse is not None:
            yield from _handlers(node.orelse, place)
        return
    for child in children(node):
        may_catch = isinstance(node, (cst.Try, cst.TryStar)) and child is node.body and bool(node.handlers)
        yield from _handlers(child, place._replace(caught=True) if may_catch else place)


def _in_turn(statements: Sequence[cst.CSTNode], place: _Place) -> Iterator[Handler]:
    places = [place]
    for statement in reversed(statements[1:]):
        places.append(place._replace(goes_on=_after(statement, places[-1])))
    for statement, its_place in zip(statements, reversed(places), strict=True) if statements else ():
        yield from _handlers(statement, its_place)


def _goes_on(block: cst.BaseSuite | cst.SimpleStatementLine, place: _Place) -> bool:
    """Whether control gets from the start of `block` to what follows the statement, whichever turn it is."""
    for statement in reversed(block.body):
        place = place._replace(goes_on=_after(statement, place))
    return place.goes_on


def _after(statement: cst.CSTNode, place: _Place) -> bool:
    match statement:
        case cst.Raise():
            # What a `try` around catches goes on behind that.
            return place.caught
        case cst.Return():
            return False
        case cst.Break():
            return place.breaks
        case cst.Continue():
            return place.continues
        case cst.SimpleStatementLine():
            return _goes_on(statement, place)
        case cst.With():
            return _goes_on(statement.body, place)
        case cst.If():
            ways = (_goes_on(statement.body, place), _otherwise(statement.orelse, place))
            # Which way the last turn goes cannot be told.
            return all(ways) if not place.counts.isdisjoint(_read(statement.test)) else any(ways)
    return place.goes_on


def _otherwise(orelse: cst.If | cst.Else | None, place: _Place) -> bool:
    if isinstance(orelse, cst.Else):
        return _goes_on(orelse.body, place)
    return place.goes_on if orelse is None else _after(orelse, place)


def _is_left(loop: cst.For | cst.While) -> bool:
    """Whether anything but an exception or a `return` leaves `loop`."""
    match loop:
        case cst.While(test=cst.Name("True") | cst.Integer("1")):
            return any(isinstance(node, cst.Break) for node in own_nodes(loop.body))
    return True


def _counts(loop: cst.For | cst.While) -> frozenset[str]:
    """Return the names that tell one turn of `loop` from another."""
    grown = [node.target for node in own_nodes(loop.body) if isinstance(node, cst.AugAssign)]
    names = {target.value for target in grown if isinstance(target, cst.Name)}
    if isinstance(loop, cst.For):
        names |= {leaf.value for leaf in leaves(loop.target) if isinstance(leaf, cst.Name)}
    else:
        names |= _read(loop.test)
    for name, value, _ in bindings(loop.body):
        # `left = limit - attempt` tells the turns apart as well; what a call gives may not.
        if value is not None and not isinstance(value, (cst.Call, cst.Await)) and not names.isdisjoint(_read(value)):
            names.add(name)
    return frozenset(names)


def _read(test: cst.CSTNode) -> set[str]:
    """Return the names whose own value `test` reads: an attribute, or an item, of a value does not count turns."""
    if isinstance(test, cst.Name):
        return {test.value}
    if isinstance(test, (cst.Attribute, cst.Subscript)):
        return set()
    return {name for child in children(test) for name in _read(child)}
