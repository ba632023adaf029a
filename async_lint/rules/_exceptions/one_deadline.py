"""A `try` that waits for one thing, under one deadline, whose TimeoutError has no text."""

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.exceptions import classes_made, may_catch
from async_lint.rules._exceptions.handlers import Handler
from async_lint.rules._shared.names import own_nodes

_WAIT_FOR = "asyncio.wait_for"
_SCOPES = (
    *("anyio.fail_after", "async_timeout.timeout", "async_timeout.timeout_at"),
    *("asyncio.timeout", "asyncio.timeout_at", "trio.fail_after", "trio.fail_at"),
)
# No TimeoutError comes from these.
_PATIENT = (
    *("asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "asyncio.sleep"),
    *("asyncio.subprocess.Process.communicate", "asyncio.subprocess.Process.wait"),
)
_MAY_BE_ASYNC = (cst.CompFor, cst.For, cst.With)


def deadline_of(handler: Handler, statement: cst.Try, context: Context) -> list[cst.BaseExpression] | None:
    """Return what the one deadline of a `try` is made with; None where it has none, or waits a second time.

    The deadline is that of `await asyncio.wait_for(...)`, or of `async with asyncio.timeout(...)` and the like around
    a single wait: of two, the traceback of the TimeoutError tells which took too long.
    """
    nodes = list(own_nodes(statement.body))
    if any(isinstance(node, cst.Yield) or _may_raise(node, handler, context) for node in nodes):
        return None
    scopes = [node for node in nodes if isinstance(node, cst.With) and _scope(node, context) is not None]
    waits = [node for node in nodes if _waits(node) and node not in scopes]
    if not scopes:
        waits = [node for node in waits if not _is_patient(node, context)]
    if len(waits) != 1:
        return None
    match waits:
        case [cst.Await(expression=cst.Call(args=[_, *limits]) as call)] if context.is_called(call, _WAIT_FOR):
            return [limit.value for limit in limits] if not scopes else None
    if len(scopes) != 1 or not any(node is waits[0] for node in own_nodes(scopes[0])):
        return None
    scope = _scope(scopes[0], context)
    return None if scope is None else [limit.value for limit in scope.args]


def _may_raise(node: cst.CSTNode, handler: Handler, context: Context) -> bool:
    """Whether a node is a `raise` of what may be a timeout, too."""
    if not isinstance(node, cst.Raise):
        return False
    made = classes_made(node.exc, context) if node.exc is not None else ()
    return not made or any(may_catch(handler.type, new.lineage, context) for new in made)


def _is_patient(node: cst.CSTNode, context: Context) -> bool:
    match node:
        case cst.Await(expression=cst.Call() as call):
            return context.is_called(call, *_PATIENT)
    return False


def _waits(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Await) or (isinstance(node, _MAY_BE_ASYNC) and node.asynchronous is not None)


def _scope(node: cst.With, context: Context) -> cst.Call | None:
    """Return the call that sets the deadline of `async with timeout(5):`, be it one that the project calls so."""
    match node.items:
        case [cst.WithItem(item=cst.Call() as call)]:
            is_known = context.is_called(call, *_SCOPES) or _is_called_so(call, context)
            return call if is_known else None
    return None


def _is_called_so(call: cst.Call, context: Context) -> bool:
    """Whether the project has a `timeout` of its own, as those that run before Python 3.11 do."""
    word = context.last_word(call.func)
    return any(scope.endswith(f".{word}") for scope in _SCOPES) and context.view.names.is_defined(word)
