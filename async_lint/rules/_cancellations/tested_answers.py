"""The constant that a function answers once it has ended a cancellation, and what a caller that asks for it does then.

done = await self.remove(key)      `remove` answers False behind its handler
if done is True:
    await self.refresh()           and so this is not reached
"""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Frame, How, body_of
from async_lint.rules._cancellations.cancellation import own_nodes
from async_lint.rules._cancellations.endings import endings
from async_lint.rules._cancellations.unchanged_names import behind
from async_lint.rules._cancellations.ways import ANY, Exit, Handled, Way

_NONE = ast.Constant(None)


def constant_answer(chain: Sequence[ast.AST], ways: Sequence[Exit], after: Handled) -> ast.Constant | None:
    """Return what the function that begins a chain answers, by whichever way its last node is left; None if unknown."""
    last = [_answer(one) for way in ways for one in endings(chain, way, after)]
    first = last[0] if last else None
    same = all(one is not None and first is not None and _same(one, first) for one in last)
    return first if same else None


def _answer(one: Exit) -> ast.Constant | None:
    match one:
        case (Way.RETURN, ast.Return(value=ast.Constant() as answer)):
            return answer
        case (Way.END, _) | (Way.RETURN, ast.Return(value=None)):
            return _NONE
    return None


def _same(one: ast.Constant, other: ast.Constant) -> bool:
    return type(one.value) is type(other.value) and one.value == other.value


def told_by(answer: ast.Constant | None, waiting: Sequence[ast.AST], frame: Frame) -> Handled:
    """Return how the conditions behind an `await` come out that ask for its answer; `waiting` ends with the await."""
    match waiting:
        case [*_, ast.Assign(targets=[ast.Name(id=name)], value=value), ast.Await() as wait] if value is wait:
            if answer is not None and _is_bound_once(name, frame):
                return behind({name: answer.value})
    return ANY


def is_asked_for(waiting: Sequence[ast.AST], told: Handled) -> bool:
    """Whether the function tests the answer, be it with another outcome of the same condition."""
    tests = (node.test for node in own_nodes(getattr(waiting[0], "body", ())) if isinstance(node, ast.If | ast.While))
    return told is not ANY and any(told.outcome(test) is not None for test in tests)


def _is_bound_once(name: str, frame: Frame) -> bool:
    scope = frame.enclosing_function()
    body = body_of(scope.function) if scope is not None and scope.function is not None else None
    bindings = body.table.get(name, ()) if body is not None and name not in body.outward else ()
    return len(bindings) == 1 and bindings[0].how is How.ASSIGN
