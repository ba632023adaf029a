"""What is done with a future whose result is a coroutine, or with the handle by which that comes back."""

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Kind
from async_lint.rules._coroutine_uses.uses import Uses
from async_lint.rules._coroutine_uses.way import Fate, Path, Shape, Use

_WAITED_FOR = (Fate.AWAITED, Fate.TAKEN)
# Calls of a future that give nobody its result.
_LOOKING = frozenset(["cancel", "cancelled", "done", "exception", "ready", "running", "successful", "wait"])
_RESULT = frozenset(["get", "result"])
_SHAPES = (Shape.ONE, Shape.ITEMS)
_DRIVING = frozenset(["aclose", "asend", "athrow"])


def is_run(use: Use, kind: Kind) -> bool:
    """Whether a use awaits the coroutine or, where `kind` says that it is an async generator, iterates over it."""
    if use.fate in _WAITED_FOR:
        return True
    if kind is not Kind.ASYNC_GENERATOR:
        return False
    match use.path[-2:]:
        case [cst.For() | cst.CompFor() as loop, node]:
            return loop.asynchronous is not None and loop.iter is node
        case [cst.Attribute(attr=cst.Name(method)), _]:
            return method in _DRIVING
    # Who is given it goes on with it, and nothing but iterating makes sense there.
    return use.fate is Fate.UNSEEN


def is_lost(path: Path, kind: Kind, context: Context) -> bool:
    """Whether nobody can await the result of the future that the last node of `path` makes.

    What has left sight, in a container or in the hands of a caller or another function, may be awaited there.
    """
    return all(_loses(use.fate, use.path, kind, context) for use in Uses(path, context).found)


def _loses(fate: Fate, path: Path, kind: Kind, context: Context) -> bool:
    match path[-3:]:
        case [*_, cst.Await(), _]:
            return not _is_awaited(path[:-1], Shape.ONE, kind, context)
        case [cst.Call() as call, cst.Attribute(attr=cst.Name(method)) as callee, _] if call.func is callee:
            # `map_async` brings back several of them.
            awaited = method in _RESULT and any(_is_awaited(path[:-2], shape, kind, context) for shape in _SHAPES)
            return method in _LOOKING or (method in _RESULT and not awaited)
        case [cst.Call() as call, cst.Arg(), _] if fate is Fate.TAKEN:
            return _loses_awaited(call, path[:-2], kind, context)
        case [*_, cst.Attribute(), _]:
            return False
    return fate in (Fate.IDLE, Fate.VALUE)


def _loses_awaited(call: cst.Call, path: Path, kind: Kind, context: Context) -> bool:
    """Whether what waits for the future gives its result, and nobody awaits that: `await wait_for(future, 5)`."""
    if len(path) < 2 or not isinstance(path[-2], cst.Await):
        return False
    if context.is_called(call, "asyncio.gather"):
        return not _is_awaited(path[:-1], Shape.ITEMS, kind, context)
    one = context.is_called(call, "asyncio.wait_for", "asyncio.shield")
    return one and not _is_awaited(path[:-1], Shape.ONE, kind, context)


def _is_awaited(path: Path, shape: Shape, kind: Kind, context: Context) -> bool:
    """Whether the result, or one of the results, is awaited in sight."""
    return any(is_run(use, kind) for use in Uses(path, context, shape).found)
