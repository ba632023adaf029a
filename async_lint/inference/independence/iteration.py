"""The parts of a loop or a comprehension: its targets, what it runs over, and what each iteration runs."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.syntax.binding import dotted
from async_lint.inference.syntax.nodes import children, descendants

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp
Statement = ast.For | ast.While
Loop = Statement | Comprehension

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
# `await queue.get()` is none of these: it waits for who fills the queue, so nobody knows how many come.
_TAKING = frozenset({"get_nowait", "pop", "popitem", "popleft"})
_LOOPS = (ast.For, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_REPEATING = (*_LOOPS, *_COMPREHENSIONS)


class Inside(NamedTuple):
    """A node of a loop's body; `nested` in a loop or a comprehension of its own."""

    node: ast.AST
    nested: bool


def inside(nodes: Iterable[ast.AST], nested: bool = False) -> Iterator[Inside]:
    """Yield the nodes that an iteration runs: of nested functions and classes only the node itself."""
    # Turned round for the stack: gates report the first obstacle that they meet, as the code is written.
    waiting = [Inside(node, nested) for node in nodes][::-1]
    while waiting:
        item = waiting.pop()
        yield item
        if not isinstance(item.node, _SCOPES):
            inner = item.nested or isinstance(item.node, _REPEATING)
            waiting += [Inside(child, inner) for child in children(item.node)][::-1]


def body(loop: Loop) -> list[ast.AST]:
    """Return what each iteration runs."""
    if isinstance(loop, Statement):
        return list(loop.body)
    results: list[ast.AST] = [loop.key, loop.value] if isinstance(loop, ast.DictComp) else [loop.elt]
    results += [test for generator in loop.generators for test in generator.ifs]
    # The first iterable is worked out once, before any iteration.
    return results + [generator.iter for generator in loop.generators[1:]]


def body_around(around: Sequence[ast.AST]) -> list[ast.stmt]:
    """Return the body of the function that the nodes above a loop begin with (see `ProjectQuestions.above`)."""
    function = around[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    return function.body


def targets(loop: Loop) -> list[ast.expr]:
    if isinstance(loop, Statement):
        return [loop.target] if isinstance(loop, ast.For) else []
    return [generator.target for generator in loop.generators]


def iterables(loop: Loop) -> list[ast.expr]:
    if isinstance(loop, Statement):
        return [loop.iter] if isinstance(loop, ast.For) else []
    return [generator.iter for generator in loop.generators]


def bound_in(node: ast.AST) -> set[str]:
    """Return the names that are assigned to anywhere in a node."""
    return {part.id for part in descendants(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}


def taken(loop: ast.While) -> ast.Call | None:
    """Return the call that takes the item out of a container of known work; None where the loop is another one.

        while pending:
            await load(pending.pop())

    Nothing else in the loop looks at the container, so that no work is added to it meanwhile.
    """
    container = _container(loop.test)
    names = (node for node, _ in inside(loop.body) if isinstance(node, ast.Name | ast.Attribute))
    uses = [node for node in names if dotted(node) == container]
    takes = [
        node
        for node, _ in inside(loop.body)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _TAKING
        and dotted(node.func.value) == container
    ]
    return takes[0] if container and len(takes) == len(uses) == 1 and not loop.orelse else None


def _container(test: ast.expr) -> str:
    """Return the dotted name of what is emptied: `pending`, `len(pending)`, `not queue.empty()`."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Attribute(value=queue, attr="empty"))):
            return dotted(queue)
        case ast.Call(func=ast.Name(id="len"), args=[container]):
            return dotted(container)
        case ast.Compare(left=ast.Call() as call, ops=[ast.Gt()], comparators=[ast.Constant(value=0)]):
            return _container(call)
    return dotted(test)
