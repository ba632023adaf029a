"""Names in a function that stand for the same thing or hold it, and the calls that it comes from and is given to."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from async_lint.inference.face import descendants
from async_lint.rules._cancellations.going_on import texts_of

CANCEL = "cancel"
Calls = Mapping[str, tuple[ast.Call, ...]]


def objects(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """Return the names and attributes in nodes, those of the methods that are called left out."""
    below = [node for root in nodes for node in descendants(root)]
    # The name of a method would tie together all that it is called of.
    callees = {id(node.func) for node in below if isinstance(node, ast.Call)}
    return texts_of(node for node in below if id(node) not in callees)


def given_to(call: ast.Call) -> frozenset[str]:
    """Return the names and attributes in the arguments of a call."""
    return objects([*call.args, *(keyword.value for keyword in call.keywords)])


def calls_in(node: ast.AST) -> Iterator[ast.Call]:
    return (below for below in descendants(node) if isinstance(below, ast.Call))


def ties_of(function: ast.AST) -> Mapping[str, frozenset[str]]:
    """Return for a name all that bindings tie to it: what its value comes from, and what that is put in."""
    groups: dict[str, set[str]] = {}
    for link in (link for node in descendants(function) for link in _links(node)):
        joined = {id(groups[name]): groups[name] for name in link if name in groups}
        # The largest takes up the others: no name moves more often than a group can double.
        whole = max(joined.values(), key=len, default=set[str]())
        for part in [link, *(group for group in joined.values() if group is not whole)]:
            whole.update(part)
            groups.update(dict.fromkeys(part, whole))
    frozen = {id(group): frozenset(group) for group in groups.values()}
    return {name: frozen[id(group)] for name, group in groups.items()}


def tied(names: frozenset[str], ties: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return names with those that are tied to them."""
    return names.union(*(ties[name] for name in names if name in ties))


# Calls of one function often stand together in another, which is asked about for each of them.
@lru_cache(maxsize=1)
def cancelled_in(function: ast.AST) -> frozenset[str]:
    """Return the names in a function, nested ones included, that are cancelled, or tied to what is."""
    nodes = descendants(function)
    # Called or not: a timer cancels it by `call_later(5, task.cancel)`.
    names = objects([node.value for node in nodes if isinstance(node, ast.Attribute) and node.attr == CANCEL])
    return tied(names, ties_of(function)) if names else names


def sources_in(function: ast.AST) -> Calls:
    """Return for a name the calls that gave what it stands for: `for task in self.cancel_all()`."""
    found: dict[str, list[ast.Call]] = {}
    for node in descendants(function):
        match node:
            case (
                ast.For(target=ast.Name(id=name), iter=ast.Call() as call)
                | ast.comprehension(target=ast.Name(id=name), iter=ast.Call() as call)
                | ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call)
            ):
                found.setdefault(name, []).append(call)
    return {name: tuple(calls) for name, calls in found.items()}


def takers_in(function: ast.AST) -> Calls:
    """Return for a name, or an attribute, the calls that are given it."""
    found: dict[str, list[ast.Call]] = {}
    for call in calls_in(function):
        for name in given_to(call):
            found.setdefault(name, []).append(call)
    return {name: tuple(calls) for name, calls in found.items()}


def _links(node: ast.AST) -> Iterator[frozenset[str]]:
    """Yield the names that a binding ties together: `for task in tasks`, `task = self._task`."""
    match node:
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield objects([target, value])
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield objects([target, value])
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield objects([target, value])
        # `tasks.append(task)`
        case ast.Call(func=ast.Attribute(value=value, attr="append" | "add"), args=args):
            yield objects([value, *args])
