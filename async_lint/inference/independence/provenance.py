"""Where the values of an iteration come from: its item, what it makes itself, or what all iterations share.

    for name in names:                        `name`: the item, so it is the iteration's own, and it varies
        client = self.clients[name]           own: a shared container's entry for the item
        page = await client.page(name)        own: made from the item, one link further
        await page.store(self.folder)         `page` is own, `self.folder` is shared and the same each time

A *link* is a step from the item to something else: an attribute, an entry, the result of a call. Each makes it less
sure that two items lead to two things. `words` are those of the names on the way.
"""

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from async_lint.inference.independence.handed_work import handed
from async_lint.inference.independence.iteration import Loop, body, inside, iterables, taken, targets
from async_lint.inference.independence.words import words
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.targets import targets as bound_by


class Provenance(NamedTuple):
    """`own`: no other iteration has it, as far as the code tells; `varies`: another iteration has another value."""

    own: bool
    varies: bool
    links: int = 0
    words: frozenset[str] = frozenset()


SHARED = Provenance(False, False)
_CONSTANT = Provenance(True, False)


class Iteration:
    """The names of one iteration. `loop` None: of statements that stand in a row, where nothing varies."""

    def __init__(self, loop: Loop | None, nodes: Iterable[ast.AST]) -> None:
        self.repeats = loop is not None
        self.items: set[str] = set()
        self._key = _key(loop)
        named = (words(last_name(node)) for node in (iterables(loop) if loop is not None else ()))
        self._collection = frozenset(word for of_one in named for word in of_one)
        self._taken = taken(loop) if isinstance(loop, ast.While) else None
        self._bound: dict[str, list[ast.expr]] = {}
        self._asked: set[str] = set()
        for target in targets(loop) if loop is not None else ():
            self.items |= _names(target)
        self.is_looked_at = False
        self._dropped: set[ast.expr] = set()
        for node, _ in inside(nodes):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self.is_looked_at = self.is_looked_at or node.id in self.items
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Await):
                self._dropped |= set(_called(node.value.value))
            for target, value in _bindings(node):
                for name in _names(target):
                    self._bound.setdefault(name, []).append(value)

    def binds(self, name: str) -> bool:
        """Whether the iteration itself gives the name its value."""
        return name in self.items or name in self._bound

    def behind(self, node: ast.expr) -> ast.expr:
        """Return what a name stands for that the iteration binds once: `page["name"]`."""
        values = self._bound.get(node.id, ()) if isinstance(node, ast.Name) and node.id not in self.items else ()
        return values[0] if len(values) == 1 else node

    def made(self, node: ast.expr) -> ast.Call | None:
        """Return the one call of the iteration that gives a name its value: `work = fetch(name)`, awaited later."""
        only = self.behind(node)
        return only if only is not node and isinstance(only, ast.Call) else None

    def of(self, node: ast.expr) -> Provenance:
        """Return where the value of an expression comes from."""
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=value, attr=attr):
                return _linked(self.of(value), attr)
            case ast.Subscript(value=value, slice=index):
                of, key = self.of(value), self.of(index)
                # How far away the collection stands says nothing of how far its entries are from the item.
                links = max(of.links if of.own else 0, key.links)
                entry = Provenance(of.own or key.varies, of.varies or key.varies, links, of.words)
                return _linked(entry, last_name(value))
            case ast.Call(func=func):
                return self._call(node, func)
            case ast.Await(value=value) | ast.Starred(value=value) | ast.NamedExpr(value=value):
                return self.of(value)
            case ast.IfExp(body=first, orelse=second):
                return _any_of([self.of(first), self.of(second)])
            case ast.BoolOp(values=values):
                return _any_of([self.of(value) for value in values])
        # What is left is made where it stands: a number, a list, a text, a comparison.
        return _CONSTANT._replace(varies=self.varies(node))

    def varies(self, node: ast.AST) -> bool:
        """Whether the value of something may be another one in another iteration."""
        return any(
            part is self._taken or (isinstance(part, ast.Name) and self._name(part.id).varies)
            for part in descendants(node)
        )

    def keys(self, call: ast.Call) -> bool:
        """Whether a call is given a key that no other iteration has: of a dict whose `items()` the loop is over."""
        for value in [*call.args, *(keyword.value for keyword in call.keywords)] if self._key else ():
            if isinstance(value, ast.Name) and value.id == self._key:
                return True
            # Behind something that is the same each time, it may be the key of a part of what is stored there.
            if value in call.args and not self.varies(value):
                return False
        return False

    def drops(self, call: ast.Call) -> bool:
        """Whether nobody looks at what comes of a call that is awaited."""
        return call in self._dropped

    def takes(self, node: ast.AST) -> bool:
        """Whether a call takes the iteration's item out of a container."""
        return node is self._taken

    def _call(self, node: ast.Call, func: ast.expr) -> Provenance:
        if node is self._taken:
            return Provenance(True, True)
        varies = self.varies(node)
        if isinstance(func, ast.Attribute):
            receiver = self.of(func.value)
            if receiver.own:
                return _linked(receiver._replace(varies=receiver.varies or varies), func.attr)
        name = last_name(func)
        # A constructor makes a new object each time, whatever it is given.
        makes = name[:1].isupper() or name in ("dict", "list", "set", "tuple", "str", "int", "float", "bytes")
        return Provenance(varies or makes, varies, 1, frozenset(words(name)))

    def _name(self, name: str) -> Provenance:
        if name in self.items:
            return Provenance(True, True, 0, frozenset(words(name)) | self._collection)
        values = self._bound.get(name)
        # `text = text.strip()` comes back to itself. A constant decides nothing in `_any_of`: other bindings do.
        if values is None or name in self._asked:
            return SHARED if values is None else _CONSTANT
        self._asked.add(name)
        try:
            return _any_of([self.of(value) for value in values])
        finally:
            self._asked.discard(name)


def _called(value: ast.expr | None) -> Iterator[ast.expr]:
    """Yield what is awaited, and what that hands on: `f(x)` of `wait_for(f(x), 5)`."""
    while isinstance(value, ast.Call):
        yield value
        value = handed(value)


def loop_iteration(loop: Loop) -> Iteration:
    """Return the names of an iteration of a loop."""
    return Iteration(loop, [*body(loop), *iterables(loop)[1:]])


def _key(loop: Loop | None) -> str:
    """Return the `key` of `for key, value in table.items()`; empty where the loop is another."""
    over = iterables(loop) if loop is not None else ()
    match (targets(loop) if loop is not None and len(over) == 1 else (), over):
        case ([ast.Tuple(elts=[ast.Name(id=key), _])], [ast.Call(func=ast.Attribute(attr="items"), args=[])]):
            return key
    return ""


def _linked(of: Provenance, name: str) -> Provenance:
    return of._replace(links=of.links + 1, words=of.words | set(words(name)))


def _any_of(parts: list[Provenance]) -> Provenance:
    """Return what is sure of a value that is one of several."""
    return Provenance(
        all(part.own for part in parts),
        any(part.varies for part in parts),
        max(part.links for part in parts),
        frozenset().union(*(part.words for part in parts)),
    )


def _bindings(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield target, value
        case ast.AugAssign(target=target, value=value):
            yield target, value
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            yield target, value
        case ast.comprehension(target=target, iter=value):
            yield target, value
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            yield target, value
        # What is caught belongs to the iteration; any constant says so.
        case ast.ExceptHandler(name=str(name)):
            yield ast.Name(name, ast.Store()), ast.Constant(name)


def _names(target: ast.expr) -> set[str]:
    """Return the names that a target binds; those that only lead to a place (`self.x`, `found[key]`) aside."""
    return {name for name, _ in bound_by(target)}
