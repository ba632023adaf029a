"""Whether what a function raises comes out of a call of it, or where something else runs it."""

import ast
from collections.abc import Sequence

from async_lint.context import Context
from async_lint.inference.face import Frame, Function, ModuleView, Site

_RUNNERS = frozenset({"asyncio.run", "asyncio.runners.run"})
_CONSUMERS = frozenset(
    f"builtins.{name}" for name in ("dict", "frozenset", "list", "max", "min", "next", "set", "sorted", "sum", "tuple")
)
# They call what they are given before they return.
_CALLING = frozenset(
    {
        *(f"builtins.{name}" for name in ("list.sort", "max", "min", "sorted")),
        *(f"re.{name}" for name in ("sub", "subn", "Pattern.sub", "Pattern.subn")),
        *("functools.reduce", "_functools.reduce"),
    }
)
# What a function raises in a thread or another process comes out of the await.
_IN_THREADS = frozenset({"asyncio.to_thread", "asyncio.threads.to_thread"})
_IN_EXECUTOR = ".run_in_executor"


def calling_at_once(named: ast.expr, frame: Frame, view: ModuleView) -> Site | None:
    """Return the call that is handed a function by its name, and calls it before it returns: `re.sub(a, f, text)`.

    An awaited one that gives it to a thread is as good: `await loop.run_in_executor(None, f)`.
    """
    match view.project.above(named, frame):
        case (*_, ast.Call() as call) if named in call.args and view.names.name_of(call.func, frame) in _CALLING:
            return Site(call, frame)
        case (*_, ast.Call() as call, ast.keyword()) if view.names.name_of(call.func, frame) in _CALLING:
            return Site(call, frame)
        case (*_, ast.Await(), ast.Call() as call) if _runs_elsewhere(named, call, frame, view):
            return Site(call, frame)
    return None


def _runs_elsewhere(named: ast.expr, call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    name = view.names.name_of(call.func, frame) or ""
    match call.args:
        case [work, *_] if name in _IN_THREADS:
            return work is named
        case [_, work, *_] if name.startswith("asyncio.") and name.endswith(_IN_EXECUTOR):
            return work is named
    return False


def comes_out(site: Site, callee: Function, above: Sequence[ast.AST], context: Context) -> bool:
    """Whether what the callee raises comes out of the call, and not where a lambda or a task runs it.

    A generator runs where something takes its items, a coroutine where it is awaited. `above` are the nodes above the
    call, the outermost first.
    """
    if any(isinstance(node, ast.Lambda | ast.GeneratorExp) for node in above):
        return False
    if callee.is_generator:
        return _is_consumed(site.node, above[-1], site.frame, context)
    if not callee.is_async or isinstance(above[-1], ast.Await):
        return True
    return _is_call_of(above[-1], _RUNNERS, site.frame, context)


def _is_consumed(call: ast.Call, around: ast.AST, frame: Frame, context: Context) -> bool:
    match around:
        case ast.For(iter=taken) | ast.AsyncFor(iter=taken) | ast.comprehension(iter=taken):
            return taken is call
        case ast.YieldFrom():
            return True
    return _is_call_of(around, _CONSUMERS, frame, context)


def _is_call_of(node: ast.AST, names: frozenset[str], frame: Frame, context: Context) -> bool:
    return isinstance(node, ast.Call) and context.view.names.name_of(node.func, frame) in names
