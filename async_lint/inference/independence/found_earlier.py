"""What is found in a container that was empty when the loop began: an earlier iteration has put it there.

hosts = {}
for order in orders:
    host = hosts.get(order.host)                     an earlier order's
    if host is None:
        hosts[order.host] = await connect(order)
    counts[host] = counts.get(host, 0) + 1           no more than a sum: nobody comes in between
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.independence.conditions import has_wait
from async_lint.inference.independence.iteration import Statement, inside
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants

_DICTS = frozenset({"OrderedDict", "defaultdict", "dict"})


def found_earlier(loop: Statement, function: Sequence[ast.stmt], last: tuple[int, int]) -> str:
    """Return the name of such a container, of which an entry is looked at before the last await; else empty.

    `function` is the body of the function around the loop, `last` where the last `await` of the iteration ends.
    """
    filled = set(_filled(loop))
    asked = [name for name in _asked(loop) if name.id in filled and (name.lineno, name.col_offset) < last]
    return next((name.id for name in asked if _begins_empty(name.id, loop, function)), "")


def _filled(loop: Statement) -> Iterator[str]:
    for node, _ in inside(loop.body):
        match node:
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                yield name


def _asked(loop: Statement) -> Iterator[ast.Name]:
    sums = {id(part) for node, _ in inside(loop.body) for part in _summed(node)}
    for node, _ in inside(loop.body):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr="get")) if id(name) not in sums:
                yield name


def _summed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is read of a container by a statement that sets an entry of it and does not wait."""
    match node:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))], value=value) if not has_wait(value):
            yield from (part for part in descendants(value) if isinstance(part, ast.Name) and part.id == name)


def _begins_empty(name: str, loop: Statement, function: Sequence[ast.stmt]) -> bool:
    """Whether a name is bound once, to an empty dict, and nothing looks at it from there to the loop."""
    parts = (part for statement in function for part in descendants(statement))
    uses = [part for part in parts if isinstance(part, ast.Name) and part.id == name]
    bound = [use for use in uses if not isinstance(use.ctx, ast.Load)]
    before = [use for use in uses if use.lineno < loop.lineno]
    return len(bound) == 1 and before == bound and id(bound[0]) in _empty(function)


def _empty(function: Sequence[ast.stmt]) -> set[int]:
    """Return the targets of assignments of empty dicts."""
    found: set[int] = set()
    for statement in function:
        for node in descendants(statement):
            match node:
                case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=value):
                    if _is_empty(value):
                        found.add(id(target))
    return found


def _is_empty(value: ast.expr | None) -> bool:
    match value:
        case ast.Dict(keys=[]):
            return True
        case ast.Call(func=func, args=args, keywords=[]):
            name = last_name(func)
            return name in _DICTS and (not args or (name == "defaultdict" and len(args) == 1))
    return False
