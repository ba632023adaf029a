"""Names that are what a literal before a `try` made them, where a cancellation comes in it: they decide conditions."""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any

from async_lint.inference.face import Try, blocks, children
from async_lint.rules._cancellations.cancellation import own_nodes, waits
from async_lint.rules._cancellations.decided import decided
from async_lint.rules._cancellations.ways import ANY, Handled, Loop

_LONG = 200  # statements of a function: in longer ones nothing is said of names
_Place = tuple[int, int]


def unchanged_names(chain: Sequence[ast.AST]) -> Mapping[str, Any]:
    """Return the names, with their values, for what runs behind the handler or the `with` to which a chain leads."""
    # All of the function is read for each of its handlers.
    if any(len(block) > _LONG for node in chain[:1] if isinstance(node, ast.stmt) for block in blocks(node)):
        return {}
    handlers = [node for node in chain[-1:] if isinstance(node, ast.ExceptHandler)]
    end = len(chain) - len(handlers)
    function, statement = chain[0], chain[end - 1]
    # Where a `finally` is left, the `try` may have run to its end.
    if not isinstance(statement, ast.stmt) or (isinstance(statement, Try) and not handlers):
        return {}
    known: dict[str, Any] = {}
    for outer, inner in pairwise(chain[:end]):
        _enter(outer, inner, known)
    body: list[ast.stmt] = getattr(statement, "body", [])
    # In a later turn of a loop they may be something else.
    later = [*handlers, *getattr(statement, "finalbody", [])]
    changed = {name for name, _ in _set_in(*later)}
    for outer, inner in pairwise(chain[:end]):
        if isinstance(outer, Loop):
            changed |= {name for name, _ in _set_in(outer)} - _asked(outer, inner).keys()
    changed |= {name for name, node in _set_in(function) if _is_behind(node, statement)}
    return {name: value for name, value in known.items() if name not in changed and not _may_be_set(name, body)}


def in_finally(chain: Sequence[ast.AST], others: Collection[ast.ExceptHandler]) -> Handled:
    """Return how conditions come out for a cancellation in the `finally` of the `try` to which a chain leads.

    It has run none of the handlers `others`: what they alone set is as it was.
    """
    function, statement = chain[0], chain[-1]
    assert isinstance(function, ast.AsyncFunctionDef)
    known: dict[str, Any] = {}
    for outer, inner in pairwise(chain):
        _enter(outer, inner, known)
    theirs = {id(node) for _, node in _set_in(*others)}
    bound = {name for name, node in _set_in(function) if id(node) not in theirs}
    bound |= {parameter.arg for parameter in ast.walk(function.args) if isinstance(parameter, ast.arg)}
    changed = {name for name, node in _set_in(*children(statement)) if id(node) not in theirs}
    # In an earlier turn of a loop a handler may have run.
    changed |= {name for name, _ in _set_in(*(outer for outer in chain if isinstance(outer, Loop)))}
    unset = {name for name, _ in _set_in(*others)} - bound - changed
    return behind({name: value for name, value in known.items() if name not in changed}, unset)


def behind(names: Mapping[str, Any], unset: Collection[str] = ()) -> Handled:
    """Return how the conditions come out that ask for such names, or whether those are there that nothing has set."""
    if not (names or unset):
        return ANY

    def outcome(test: ast.expr) -> bool | None:
        match test:
            case ast.Compare(
                left=ast.Constant(value=str(name)),
                ops=[ast.In() | ast.NotIn() as op],
                comparators=[ast.Call(func=ast.Name(id="locals"))],
            ) if name in unset:
                return isinstance(op, ast.NotIn)
            case ast.Name(id=name) if name in names:
                return bool(names[name])
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as op], comparators=[other]):
                if name in names and isinstance(other, ast.Constant) and isinstance(other.value, bool | None):
                    return (names[name] is other.value) is isinstance(op, ast.Is)
        return None

    return ANY._replace(outcome=lambda test: decided(test, outcome))


def _enter(outer: ast.AST, inner: ast.AST, known: dict[str, Any]) -> None:
    """Bring `known` up to date from where `outer` begins to where `inner`, which stands right in it, does."""
    header = [child for child in children(outer) if not isinstance(child, ast.stmt)]
    # Each turn of a loop may set them, and a handler, `else` and `finally` run behind other blocks.
    everywhere = isinstance(outer, Loop) or (isinstance(outer, Try) and inner not in outer.body)
    asked = {name: value for name, value in _asked(outer, inner).items() if isinstance(known.get(name), bool)}
    for name, _ in _set_in(*([outer] if everywhere else header)):
        known.pop(name, None)
    known.update(asked)
    block = next((one for one in blocks(outer) if inner in one), []) if isinstance(outer, ast.stmt) else []
    if isinstance(outer, ast.ExceptHandler | ast.match_case):
        block = outer.body
    for before in takewhile(lambda one: one is not inner, block):
        match before:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
                known[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=value)):
                known[name] = value
            case _:
                for name, _ in _set_in(before):
                    known.pop(name, None)


def _asked(outer: ast.AST, inner: ast.AST) -> Mapping[str, bool]:
    """Return the names that each turn of a loop finds true or false, or it would be none: `while not stopped`."""
    if not isinstance(outer, ast.While) or inner not in outer.body:
        return {}
    held: dict[str, bool] = {}
    parts = [outer.test]
    for part in parts:
        match part:
            case ast.BoolOp(op=ast.And(), values=values):
                parts += values
            case ast.Name(id=name):
                held[name] = True
            case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
                held[name] = False
    return held


def _set_in(*nodes: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names that nodes set or delete, or that nested functions may, each with the node that does."""
    for outer in nodes:
        for node in own_nodes([outer, *children(outer)] if isinstance(outer, ast.AsyncFunctionDef) else [outer]):
            match node:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.ExceptHandler(name=str(name)):
                    yield name, node
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Global() | ast.Nonlocal():
                    below = node.names if isinstance(node, ast.Global | ast.Nonlocal) else _outward(node)
                    yield from ((name, node) for name in below)


def _outward(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Nonlocal | ast.Global):
            yield from node.names


def _is_behind(node: Any, statement: ast.stmt) -> bool:
    return bool(node.lineno > (statement.end_lineno or statement.lineno))


def _may_be_set(name: str, body: Sequence[ast.stmt]) -> bool:
    """Whether a block may have set a name by the time that it waits the last time."""
    last = max((_start(wait) for wait in waits(body)), default=(0, 0))
    for node in own_nodes(body):
        if isinstance(node, Loop) and any(name == other for other, _ in _set_in(node)):
            return True
        if isinstance(node, ast.Assign | ast.AnnAssign):
            if any(name == other for other, _ in _set_in(node)) and last > _end(node):
                return True
    assigned = {id(one) for node in own_nodes(body) if isinstance(node, ast.Assign) for one in own_nodes(node.targets)}
    assigned |= {id(node.target) for node in own_nodes(body) if isinstance(node, ast.AnnAssign)}
    return any(name == other and id(node) not in assigned for other, node in _set_in(*body))


def _start(node: Any) -> _Place:
    # The iterable of a comprehension has a place, which itself has none.
    at = node.iter if isinstance(node, ast.comprehension) else node
    return at.lineno, at.col_offset


def _end(node: Any) -> _Place:
    return node.end_lineno, node.end_col_offset
