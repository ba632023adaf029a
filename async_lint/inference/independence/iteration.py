"""Loops that await, and what in their own code makes one iteration depend on another."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.syntax.nodes import children, descendants

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp
Loop = ast.For | Comprehension

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LOOPS = (ast.For, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_REPEATING = (*_LOOPS, *_COMPREHENSIONS)
# What leaves the loop, or hands something to its caller between two iterations.
_LEAVES = (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal, ast.AsyncFor)
# Several at once already, a batch after the other.
_BATCHES = frozenset({"as_completed", "create_task_group", "gather", "TaskGroup", "wait", "open_nursery"})
_ORDERING = frozenset({"as_completed", "reversed"})
_PACES = frozenset({"backoff", "cooldown", "delay", "limiter", "lock", "mutex", "pace", "ratelimit", "ratelimiter"}) | {
    *("semaphore", "sleep", "throttle", "throttler")
}
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class Inside(NamedTuple):
    """A node of a loop's body; `nested` in a loop or a comprehension of its own."""

    node: ast.AST
    nested: bool


def inside(nodes: Iterable[ast.AST], nested: bool = False) -> Iterator[Inside]:
    """Yield the nodes that an iteration runs: of nested functions and classes only the node itself."""
    waiting = [Inside(node, nested) for node in nodes][::-1]
    while waiting:
        found = waiting.pop()
        yield found
        if not isinstance(found.node, _SCOPES):
            inner = found.nested or isinstance(found.node, _REPEATING)
            waiting += [Inside(child, inner) for child in children(found.node)][::-1]


def body(loop: Loop) -> list[ast.AST]:
    """Return what each iteration runs."""
    if isinstance(loop, ast.For):
        return list(loop.body)
    results: list[ast.AST] = [loop.key, loop.value] if isinstance(loop, ast.DictComp) else [loop.elt]
    results += [test for generator in loop.generators for test in generator.ifs]
    return results + [generator.iter for generator in loop.generators[1:]]


def body_around(around: Sequence[ast.AST]) -> list[ast.stmt]:
    """Return the body of the function that the nodes above a loop begin with (see `ProjectQuestions.above`)."""
    function = around[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    return function.body


def targets(loop: Loop) -> list[ast.expr]:
    return [loop.target] if isinstance(loop, ast.For) else [each.target for each in loop.generators]


def iterables(loop: Loop) -> list[ast.expr]:
    return [loop.iter] if isinstance(loop, ast.For) else [each.iter for each in loop.generators]


def awaits_one_by_one(loop: Loop) -> bool:
    """Whether the loop awaits in its own body, runs through all its items, and keeps no pace."""
    if isinstance(loop, ast.For):
        if loop.orelse or not isinstance(loop.target, (ast.Name, ast.Tuple, ast.List)):
            return False
    elif any(each.is_async for each in loop.generators):
        return False
    awaits = False
    for node, nested in inside(body(loop)):
        if _forbids(node, nested, loop):
            return False
        awaits = awaits or isinstance(node, ast.Await)
    return awaits and not _retries(loop) and not any(map(_ordered, iterables(loop)))


def _forbids(node: ast.AST, nested: bool, loop: Loop) -> bool:
    match node:
        case ast.Await(value=value):
            return nested or _name(value) in _BATCHES
        case ast.AsyncWith():
            return nested or _opens_a_batch(node)
        case ast.Break():
            return not nested
        case ast.NamedExpr():
            return not isinstance(loop, ast.For)
        case ast.comprehension(is_async=is_async):
            return bool(is_async)
    return isinstance(node, _LEAVES) or _keeps_a_pace(node)


def _opens_a_batch(node: ast.AsyncWith) -> bool:
    return any(_name(each.context_expr) in _BATCHES for each in node.items)


def _keeps_a_pace(node: ast.AST) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    # `asyncio.sleep(0)` keeps none: whoever reads the calls knows.
    return name != "sleep" and bool(name) and not _PACES.isdisjoint(words(name))


def words(name: str) -> set[str]:
    """Return the words of an identifier: `rate_limiter`, `RateLimiter`."""
    return {each.lower() for each in _WORDS.findall(name)}


def _name(node: ast.expr) -> str:
    """Return the last word of a callee."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _retries(loop: Loop) -> bool:
    """`for attempt in range(3)` around a `try`."""
    counts = any(_name(each) in ("range", "count", "repeat") for each in iterables(loop) if isinstance(each, ast.Call))
    return counts and any(isinstance(node, ast.Try) for node, _ in inside(body(loop)))


def _ordered(iterable: ast.expr) -> bool:
    """Whether the items are ready one by one, in an order that means something, or only one."""
    match iterable:
        case ast.Call():
            return any(_name(each) in _ORDERING for each in descendants(iterable) if isinstance(each, ast.Call))
        case ast.Subscript(slice=ast.Slice(step=step)):
            return step is not None
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return len(items) < 2 and not any(isinstance(each, ast.Starred) for each in items)
        case ast.Dict(keys=keys):
            return len(keys) < 2
    return False
