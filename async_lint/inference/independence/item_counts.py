"""How many items a function of the project gives, where all that it returns are lists as they are written down.

def closed(self) -> list[Trace]:
    if self.active is None: return []
    return [self.active]                          one item at most, so that a loop over it has nothing to gain
"""

import ast
from collections.abc import Iterator

from async_lint.inference.independence.callees import definitions
from async_lint.inference.modules import walk
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, parameters
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import Unit, function_scope
from async_lint.inference.types.values import Frame

_DEPTH = 6  # functions, and names of what they give, from one to the next


def one_at_most(evaluator: Evaluator, iterable: ast.expr, frame: Frame) -> bool:
    """Whether what is iterated over was given by a function that gives an empty list or a single item."""
    return isinstance(iterable, ast.Await | ast.Call | ast.Name) and _gives_one(evaluator, iterable, frame, _DEPTH)


def _gives_one(evaluator: Evaluator, value: ast.expr, frame: Frame, depth: int) -> bool:
    match value:
        case ast.List(elts=[] | [_] as items):
            return not any(isinstance(item, ast.Starred) for item in items)
        case ast.Await(value=inner):
            return _gives_one(evaluator, inner, frame, depth)
        case ast.Call(func=func) if depth:
            called = definitions(evaluator, func, frame)
            return bool(called) and all(_returns_one(evaluator, one, depth - 1) for one in called)
        case ast.Name(id=name) if depth:
            given = _values(name, frame)
            return bool(given) and all(_gives_one(evaluator, each, frame, depth - 1) for each in given)
    return False


def _values(name: str, frame: Frame) -> list[ast.expr]:
    """Return what a variable of the function around is bound to; nothing if somebody may add to that."""
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    if function is None or name in body_of(function).outward:
        return []
    if any(parameter.arg == name for parameter in parameters(function.node.args)):
        return []
    nodes = list(descendants(function.whole()))
    bound = [value for node in nodes for value in _bound(node, name)]
    looked_at = [node for node in nodes if _looks_at(node, name)]
    uses = [node for node in nodes if isinstance(node, ast.Name) and node.id == name]
    return bound if len(uses) == len(bound) + len(looked_at) else []


def _bound(node: ast.AST, name: str) -> list[ast.expr]:
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
            return [value]
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
            return [value]
    return []


def _looks_at(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Return(value=ast.Name(id=given)) | ast.For(iter=ast.Name(id=given)):
            return given == name
        case ast.comprehension(iter=ast.Name(id=given)):
            return given == name
    return False


def _returns_one(evaluator: Evaluator, function: Function, depth: int) -> bool:
    found = list(_returns(function))
    given = [value for value, _ in found if value is not None]
    return bool(given) and all(
        value is not None and _gives_one(evaluator, value, frame, depth) for value, frame in found
    )


def _returns(function: Function) -> Iterator[tuple[ast.expr | None, Frame]]:
    around = function_scope(function)
    for statement in body_of(function).statements:
        for node, frame in walk.nodes(Unit(statement, around)):
            if isinstance(node, ast.Return) and frame.enclosing_function() is around:
                yield node.value, frame
