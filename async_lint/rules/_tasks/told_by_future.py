"""Whether work for an executor tells how it ended by a callback, which sets a future that the function waits for.

future = loop.create_future()
def done(answer): loop.call_soon_threadsafe(future.set_result, answer)
loop.run_in_executor(None, fetch, url, done)
return await future
"""

import ast

from async_lint.inference.face import Frame, Function, body_of, descendants
from async_lint.rules._tasks.function_tree import function_around

_SETTING = frozenset({"set_exception", "set_result"})


def is_told_by_future(call: ast.Call, frame: Frame) -> bool:
    function = function_around(frame)
    if function is None:
        return False
    given = {name for argument in call.args for name in _names(argument)}
    # A callback is often wrapped first: `callback = AnswerCallback(done)`.
    bound = body_of(function).table
    values = [binding.value for name in given for binding in bound.get(name, ()) if binding.value is not None]
    given |= {name for value in values for name in _names(value)}
    callbacks = (
        binding.definition
        for name in given
        for binding in bound.get(name, ())
        if isinstance(binding.definition, Function)
    )
    futures = {name for callback in callbacks for name in _set_in(callback)}
    # Few jobs are given such a callback: only for those the whole function is gone through.
    return bool(futures) and any(
        isinstance(node, ast.Await) and isinstance(node.value, ast.Name) and node.value.id in futures
        for statement in body_of(function).statements
        for node in descendants(statement)
    )


def _set_in(function: Function) -> set[str]:
    """Return the names of what a function sets the result or the error of."""
    nodes = (node for statement in body_of(function).statements for node in descendants(statement))
    return {
        node.value.id
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in _SETTING and isinstance(node.value, ast.Name)
    }


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in descendants(node) if isinstance(part, ast.Name)}
