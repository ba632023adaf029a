"""Callees that wait for the same each time, whatever they are given: to ask once is better than to ask together.

async def price(self, order, host):
    prices = await self.store.load(host)     the same, if each iteration gives the same host
    return prices[order]
"""

import ast
from collections.abc import Iterable, Iterator

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.given_arguments import arguments_for
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, parameters
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame

_DEPTH = 3  # functions below one another that are read


def waits_for_the_same(
    evaluator: Evaluator, functions: Iterable[Function], call: ast.Call, frame: Frame, iteration: Iteration
) -> bool:
    """Whether what the functions that a call may run wait for does not depend on the item."""
    given = [*call.args, *(word.value for word in call.keywords)]
    varying = {id(value) for value in given if iteration.of(value).varies}
    if isinstance(call.func, ast.Attribute) and iteration.of(call.func.value).varies:
        return False
    return all(_is_the_same(evaluator, one, call, frame, varying, _DEPTH) for one in functions)


def _is_the_same(
    evaluator: Evaluator, function: Function, call: ast.Call, frame: Frame, varying: set[int], depth: int
) -> bool:
    """Whether a function waits, and for nothing that depends on the arguments of a call that vary, by their ids."""
    arguments = function.node.args
    unnamed = any(isinstance(value, ast.Starred) for value in call.args) or any(not word.arg for word in call.keywords)
    if depth == 0 or not function.is_async or unnamed or arguments.vararg or arguments.kwarg:
        return False
    told = {
        parameter.arg
        for parameter in parameters(arguments)
        if any(id(value) in varying for value in arguments_for(function, call, frame, frozenset({parameter.arg})))
    }
    depends = _depending(function, told)
    waits = list(_waited_for(function))
    return bool(waits) and all(
        _names(value).isdisjoint(depends) or _asks_the_same(evaluator, value, function, depends, depth)
        for value in waits
    )


def _asks_the_same(evaluator: Evaluator, value: ast.expr, function: Function, depends: set[str], depth: int) -> bool:
    """Whether what is awaited is a call of one function that waits for the same, whatever it is given."""
    if not isinstance(value, ast.Call) or not _names(value.func).isdisjoint(depends):
        return False
    frame = function_scope(function)
    called = definitions(evaluator, value.func, frame)
    given = [*value.args, *(word.value for word in value.keywords)]
    varying = {id(each) for each in given if not _names(each).isdisjoint(depends)}
    return len(called) == 1 and _is_the_same(evaluator, called[0], value, frame, varying, depth - 1)


def _depending(function: Function, names: set[str]) -> set[str]:
    """Return the names of a function that may depend on some of them, or may hold something that does."""
    awaited = set(_waited_for(function))
    parts = [_own_parts(node) for node in descendants(function.whole()) if isinstance(node, ast.stmt)]
    # What is assigned depends on what stands beside it; what a call is given, it may change by all the rest.
    flows = [(_names_of(own), _bound(own)) for own in parts]
    calls = (node for own in parts for node in own if isinstance(node, ast.Call) and node not in awaited)
    flows += [(_names(call), _names(call)) for call in calls]
    found, size = set(names), -1
    while size != len(found):
        size = len(found)
        for read, bound in flows:
            if not found.isdisjoint(read):
                found |= bound
    return found


def _own_parts(statement: ast.stmt) -> list[ast.AST]:
    """Return the nodes in a statement that stand in none of the statements below it."""
    parts: list[ast.AST] = [statement]
    for part in parts:
        below = ast.iter_child_nodes(part)
        parts += (node for node in below if not isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case))
    return parts[1:]


def _bound(parts: Iterable[ast.AST]) -> set[str]:
    """Return the names that are bound, and those of what an attribute or an entry is set of."""
    stored = (part for part in parts if isinstance(getattr(part, "ctx", None), ast.Store))
    return {node.id for part in stored for node in descendants(part) if isinstance(node, ast.Name)}


def _names_of(parts: Iterable[ast.AST]) -> set[str]:
    return {part.id for part in parts if isinstance(part, ast.Name)}


def _waited_for(function: Function) -> Iterator[ast.expr]:
    for statement in body_of(function).statements:
        for node in descendants(statement):
            match node:
                case ast.Await(value=value) | ast.AsyncFor(iter=value) | ast.comprehension(is_async=1, iter=value):
                    yield value
                case ast.AsyncWith(items=items):
                    yield from (item.context_expr for item in items)


def _names(node: ast.expr) -> set[str]:
    return _names_of(descendants(node))
