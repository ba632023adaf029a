"""What flows from one iteration of a loop into a later one, or out of the loop, through the names of its function."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from async_lint.inference.independence.iteration import Loop, Statement, inside, targets
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.flow import reaching
from async_lint.inference.syntax.nodes import children, descendants

_ADDING = frozenset({"add", "append", "appendleft", "extend", "update"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
Body = Sequence[ast.stmt]
Place = tuple[int, int]


def collections(loop: Statement, last: Place) -> frozenset[str]:
    """Return the names of collections and totals that the iterations add to, and look at only behind their last await.

    `last` is where that one ends.
    """
    added = list(_added_to(loop))
    bound = set(_bound(loop.body)) | set(_bound(targets(loop)))
    names = {name.id for name in added if name.id not in bound}
    allowed = {id(name) for name in added}
    for node in descendants(loop):
        if isinstance(node, ast.Name) and node.id in names and id(node) not in allowed:
            if (node.lineno, node.col_offset) < last:
                names.discard(node.id)
    return frozenset(names)


def bound_names(loop: Statement) -> set[str]:
    """Return the names that an iteration gives a value, or adds to."""
    return {*_bound(loop.body), *_accumulated(loop.body), *_bound(targets(loop))}


def in_closures(names: Iterable[str], function: Body, before: int | None = None) -> str:
    """Return one of the names that a function or a lambda inside the function looks at, whenever it is called.

    `before`: only those that stand in statements of the body which begin above that line.
    """
    scopes = [scope for scope in _scopes(tuple(function)) if before is None or scope.line < before]
    return next((name for name in sorted(names) if any(name in scope.reads for scope in scopes)), "")


def carries(loop: Statement, function: Body, collected: Iterable[str], last: Place) -> str:
    """Return a name that an iteration binds and a later one reads before its last await, or the code behind the loop.

    `function` is the body of the function around the loop, `last` where the last `await` of the iteration ends.
    """
    names = {*_bound(loop.body), *_accumulated(loop.body)} - {*_bound(targets(loop)), *collected}
    if not names:
        return ""
    within = {id(node) for node in descendants(loop)}
    made = within - {id(loop)}
    uses = _uses_by_name(tuple(function))
    flags = _flags(loop, names)
    for name, node in ((one, use) for one in sorted(names) for use in uses.get(one, ()) if _reads_name(use)):
        place = (node.lineno, node.col_offset)
        if id(node) in within:
            # `start`: on some way nothing in this iteration binds it, so an earlier one's value comes through.
            if place < last and reaching(name, place, loop.body).start:
                return name
        elif name not in flags and _reaching(node, name, function) & made:
            return name
    return in_closures(names, function)


def _flags(loop: Statement, names: set[str]) -> set[str]:
    """Return the names that every binding in the loop gives the same constant: whoever sets them, they are set."""
    bound = list(_bound(loop.body))
    constants: dict[str, list[str]] = {}
    for node, _ in inside(loop.body):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                constants.setdefault(last_name(target), []).append(repr(node.value.value))
    given = ((name, constants.get(name, [])) for name in names)
    return {name for name, values in given if len(set(values)) == 1 and len(values) == bound.count(name)}


def outlives(loop: Statement, function: Body) -> bool:
    """Whether the loop's variable is read behind it."""
    names = set(_bound(targets(loop)))
    within = {id(node) for node in descendants(loop)}
    uses = _uses_by_name(tuple(function))
    for node in (node for name in names for node in uses.get(name, ())):
        if isinstance(node, ast.Name) and id(node) not in within:
            if isinstance(node.ctx, ast.Del):
                return True
            if id(loop) in _reaching(node, node.id, function):
                return True
    return _is_read_elsewhere(names, within, function)


def leaks(name: str, loop: Loop, function: Body) -> bool:
    """Whether what a comprehension binds by `:=` is read outside it."""
    within = {id(node) for node in descendants(loop)}
    for node in _uses_by_name(tuple(function)).get(name, ()):
        if id(node) not in within and _reads_name(node):
            if _reaching(node, name, function) & within:
                return True
    return _is_read_elsewhere({name}, within, function)


def _added_to(loop: Statement) -> Iterator[ast.Name]:
    for node, _ in inside(loop.body):
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name() as name, attr=attr))) if attr in _ADDING:
                yield name
            case ast.AugAssign(target=ast.Name() as name, op=ast.Add() | ast.BitOr()):
                yield name
            case ast.Assign(targets=[ast.Subscript(value=ast.Name() as name)]):
                yield name


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that get a value; those of comprehensions, and those that only grow, aside."""
    within = [node for node, _ in inside(nodes)]
    aside = {id(node.target) for node in within if isinstance(node, ast.AugAssign)}
    aside |= {id(part) for node in within if isinstance(node, ast.comprehension) for part in descendants(node.target)}
    for node in within:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if id(node) not in aside:
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.alias(name=name, asname=asname):
                yield asname or name.partition(".")[0]


def _accumulated(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node, _ in inside(nodes):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _reads_name(node: ast.Name | ast.AugAssign) -> bool:
    """Whether a use of a name reads it, as `n += 1` does."""
    return isinstance(node, ast.AugAssign) or isinstance(node.ctx, ast.Load)


# A function is asked about for each of its loops.
@lru_cache(maxsize=1)
def _uses_by_name(function: tuple[ast.stmt, ...]) -> dict[str, list[ast.Name | ast.AugAssign]]:
    by_name: dict[str, list[ast.Name | ast.AugAssign]] = {}
    for node in _uses(function):
        name = node.target if isinstance(node, ast.AugAssign) else node
        if isinstance(name, ast.Name):
            by_name.setdefault(name.id, []).append(node)
    return by_name


def _uses(nodes: Iterable[ast.AST], hidden: frozenset[str] = frozenset()) -> Iterator[ast.Name | ast.AugAssign]:
    """Yield the names that are used; those of comprehensions, and what other scopes use, aside."""
    for node in nodes:
        if isinstance(node, ast.Name):
            if node.id not in hidden:
                yield node
            continue
        if isinstance(node, _SCOPES):
            continue
        if isinstance(node, ast.AugAssign):
            yield node
        inner = hidden
        for generator in getattr(node, "generators", ()):
            inner |= {part.id for part in descendants(generator.target) if isinstance(part, ast.Name)}
        yield from _uses(children(node), inner)


class _Scope(NamedTuple):
    """A function, a class or a lambda, in a statement that begins on `line`; `reads` are names that are not its own."""

    node: ast.AST
    line: int
    reads: frozenset[str]


@lru_cache(maxsize=1)
def _scopes(function: tuple[ast.stmt, ...]) -> list[_Scope]:
    return [
        _Scope(node, statement.lineno, _reads(node))
        for statement in function
        for node in descendants(statement)
        if isinstance(node, _SCOPES)
    ]


def _reads(scope: ast.AST) -> frozenset[str]:
    """Return the names of the function around that a function, a class or a lambda looks at."""
    nodes = descendants(scope)
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    # What the body of a class binds hides nothing from its methods: they see the function's name.
    if not isinstance(scope, ast.ClassDef):
        own |= {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
        own -= {name for node in nodes if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name)) - own


def _is_read_elsewhere(names: set[str], within: set[int], function: Body) -> bool:
    """Whether a scope of the function that does not stand in the loop looks at one of the names."""
    return any(not names.isdisjoint(scope.reads) for scope in _scopes(tuple(function)) if id(scope.node) not in within)


def _reaching(use: ast.Name | ast.AugAssign, name: str, function: Body) -> frozenset[int]:
    """Return the identities of the nodes whose bindings of a name reach a use of it."""
    known = _reached(tuple(function))
    if use not in known:
        known[use] = frozenset(reaching(name, (use.lineno, use.col_offset), function).nodes)
    return known[use]


# Each loop over a variable asks of all the uses that its name has in the function.
@lru_cache(maxsize=1)
def _reached(function: tuple[ast.stmt, ...]) -> dict[ast.AST, frozenset[int]]:
    return {}
