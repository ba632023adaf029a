"""What flows from one iteration of a loop into a later one, or out of the loop, through the names of its function."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from async_lint.inference.independence.iteration import inside
from async_lint.inference.syntax.flow import reaching
from async_lint.inference.syntax.nodes import children, descendants

_ADDING = frozenset({"add", "append", "appendleft", "extend", "update"})
_NEW = frozenset({"bytearray", "Counter", "defaultdict", "deque", "dict", "list", "OrderedDict", "set"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
Body = Sequence[ast.stmt]


def collections(loop: ast.For, function: Body) -> frozenset[str] | None:
    """Return the local collections and totals that the iterations add to; None when something reads one meanwhile.

    `function` is the body of the function around the loop.
    """
    added = list(_added_to(loop))
    bound = set(_bound(loop.body)) | set(_bound([loop.target]))
    names = ({each.id for each in added} - bound) & _start_new(tuple(function))
    allowed = {id(each) for each in added}
    for node in descendants(loop):
        if isinstance(node, ast.Name) and node.id in names and id(node) not in allowed:
            return None
    if names and any(_reads(scope, names) for scope in _scopes(tuple(function))):
        return None
    return frozenset(names)


def carries(loop: ast.For, function: Body, collected: Iterable[str]) -> bool:
    """Whether a name that an iteration binds is read by a later one, or behind the loop."""
    names = {*_bound(loop.body), *_accumulated(loop.body)} - {*_bound([loop.target]), *collected}
    if not names:
        return False
    within = {id(node) for node in descendants(loop)}
    made = within - {id(loop)}
    uses = _uses_by_name(tuple(function))
    for name, node in ((each, node) for each in names for node in uses.get(each, ()) if _reads_name(node)):
        place = (node.lineno, node.col_offset)
        if id(node) in within:
            if reaching(name, place, loop.body).start:
                return True
        elif reaching(name, place, function).nodes & made:
            return True
    outside = (scope for scope in _scopes(tuple(function)) if id(scope) not in within)
    return any(_reads(scope, names) for scope in outside)


def outlives(loop: ast.For, function: Body) -> bool:
    """Whether the loop's variable is read behind it."""
    names = set(_bound([loop.target]))
    within = {id(node) for node in descendants(loop)}
    uses = _uses_by_name(tuple(function))
    for node in (node for name in names for node in uses.get(name, ())):
        if isinstance(node, ast.Name) and id(node) not in within:
            if isinstance(node.ctx, ast.Del):
                return True
            if id(loop) in reaching(node.id, (node.lineno, node.col_offset), function).nodes:
                return True
    outside = (scope for scope in _scopes(tuple(function)) if id(scope) not in within)
    return any(_reads(scope, names) for scope in outside)


def _added_to(loop: ast.For) -> Iterator[ast.Name]:
    for node, _ in inside(loop.body):
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name() as name, attr=attr))) if attr in _ADDING:
                yield name
            case ast.AugAssign(target=ast.Name() as name, op=ast.Add() | ast.BitOr()):
                yield name
            case ast.Assign(targets=[ast.Subscript(value=ast.Name() as name)]):
                yield name


# A function is asked about for each of its loops.
@lru_cache(maxsize=1)
def _start_new(function: tuple[ast.stmt, ...]) -> frozenset[str]:
    """Return the names to which everything that binds them in their function gives something new, or adds."""
    bindings: Counter[str] = Counter()
    new: Counter[str] = Counter()
    for node, _ in inside(function):
        match node:
            case ast.Name(id=target, ctx=ast.Store() | ast.Del()):
                bindings[target] += 1
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                new[target] += _is_new(value)
            case ast.AnnAssign(target=ast.Name(id=target), value=value):
                new[target] += value is not None and _is_new(value)
            case ast.AugAssign(target=ast.Name(id=target)):
                bindings[target] -= 1
    return frozenset(name for name, count in new.items() if bindings[name] == count > 0)


def _is_new(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        func = value.func
        return (func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")) in _NEW
    made = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp)
    return isinstance(value, (ast.Constant, *made))


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that get a value; those of comprehensions, and those that only grow, aside."""
    found = [node for node, _ in inside(nodes)]
    aside = {id(node.target) for node in found if isinstance(node, ast.AugAssign)}
    aside |= {id(each) for node in found if isinstance(node, ast.comprehension) for each in descendants(node.target)}
    for node in found:
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


@lru_cache(maxsize=1)
def _uses_by_name(function: tuple[ast.stmt, ...]) -> dict[str, list[ast.Name | ast.AugAssign]]:
    found: dict[str, list[ast.Name | ast.AugAssign]] = {}
    for node in _uses(function):
        name = node.target if isinstance(node, ast.AugAssign) else node
        if isinstance(name, ast.Name):
            found.setdefault(name.id, []).append(node)
    return found


def _uses(nodes: Iterable[ast.AST], hidden: frozenset[str] = frozenset()) -> Iterator[ast.Name | ast.AugAssign]:
    """Yield the names that are used, those of comprehensions aside."""
    for node in nodes:
        if isinstance(node, ast.Name):
            if node.id not in hidden:
                yield node
            continue
        if isinstance(node, ast.AugAssign):
            yield node
        inner = hidden
        for generator in getattr(node, "generators", ()):
            inner |= {each.id for each in descendants(generator.target) if isinstance(each, ast.Name)}
        yield from _uses(children(node), inner)


@lru_cache(maxsize=1)
def _scopes(function: tuple[ast.stmt, ...]) -> list[ast.AST]:
    return [node for statement in function for node in descendants(statement) if isinstance(node, _SCOPES)]


def _reads(scope: ast.AST, names: Iterable[str]) -> bool:
    return any(isinstance(node, ast.Name) and node.id in names for node in descendants(scope))
