"""What a function tests, and a method of the same object sets when it has waited: several at once would all set it.

async def fetch(self, name):
    if not self._is_fresh():         tests what `_is_fresh` looks at: `self._token`
        await self._log_in()         found: it waits, and sets `self._token`
"""

import ast
from collections.abc import Iterator

from async_lint.inference.independence.callees import defined_in
from async_lint.inference.independence.conditions import has_wait
from async_lint.inference.independence.iteration import inside
from async_lint.inference.independence.locks import entered, is_guard
from async_lint.inference.independence.sharing import receiver_of
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function
from async_lint.inference.syntax.nodes import descendants

_DEPTH = 3  # methods below one another that are read


def filled_late_by_method(evaluator: Evaluator, function: Function) -> tuple[str, ast.Await] | None:
    """Return the name of an attribute of the receiver that is tested and set so, and the `await` that it is set in."""
    receiver = receiver_of(function)
    tested: set[str] = set()
    for node, _ in inside(body_of(function).statements) if receiver else ():
        match node:
            case ast.If(test=test):
                for name in attributes(test, receiver):
                    tested |= {name, *looked_at(evaluator, function, name)}
            case ast.Await(value=ast.Call(func=ast.Attribute(value=ast.Name(id=holder), attr=name))):
                late = _set_late(evaluator, function, name, _DEPTH) if tested and holder == receiver else set()
                if not late.isdisjoint(tested):
                    return min(late & tested), node
    return None


def _set_late(evaluator: Evaluator, function: Function, name: str, depth: int) -> set[str]:
    """Return the attributes that a method of the same object sets when it has waited, without a lock."""
    method = _method(evaluator, function, name)
    if method is None or not method.is_async or _takes_turns(method):
        return set()
    receiver, waited, found = receiver_of(method), False, set[str]()
    for node, _ in inside(body_of(method).statements):
        match node:
            # A flag that is set or reset comes out the same, whoever does it last.
            case ast.Assign(targets=targets, value=value) if not isinstance(value, ast.Constant):
                if waited or has_wait(value):
                    found |= {name for target in targets for name in attributes(target, receiver)}
            case ast.Await(value=ast.Call(func=ast.Attribute(value=ast.Name(id=holder), attr=inner))):
                waited = True
                if holder == receiver and depth > 1:
                    found |= _set_late(evaluator, method, inner, depth - 1)
            case ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                waited = True
    return found


def _takes_turns(method: Function) -> bool:
    items = (node for node in descendants(method.whole()) if isinstance(node, ast.withitem))
    return any(is_guard(manager) for item in items for manager in entered(item.context_expr, method))


def looked_at(evaluator: Evaluator, function: Function, name: str) -> Iterator[str]:
    """Yield the attributes that a plain method, or a property, of the same object looks at."""
    method = _method(evaluator, function, name)
    if method is not None and not method.is_async:
        yield from attributes(method.whole(), receiver_of(method))


def attributes(node: ast.AST, receiver: str) -> Iterator[str]:
    """Yield the names of the receiver's attributes that stand below a node."""
    for part in descendants(node):
        match part:
            case ast.Attribute(value=ast.Name(id=holder), attr=attr) if holder == receiver:
                yield attr


def _method(evaluator: Evaluator, function: Function, name: str) -> Function | None:
    """Return the method of that name of the class that a method belongs to."""
    return next(defined_in(evaluator, function.owner, name), None) if function.owner is not None else None
