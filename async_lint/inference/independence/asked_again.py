"""Whether one step of a run makes the very call of another one: to hand its result on saves more than to run both.

applied = await self.applied()
pending = await self.pending()        where `pending` begins with `await self.applied()`
note = await vault.read(path)
links = await vault.links_of(path)    where `links_of(self, name)` calls `self.read(name)`
"""

import ast

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.given_arguments import given_values
from async_lint.inference.independence.runs import Step
from async_lint.inference.questions.arguments import assigned, of_call
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame


def asks_again(evaluator: Evaluator, step: Step, other: Step, frame: Frame) -> str:
    """Return the clause that one of two steps itself makes the call of the other; empty where neither does."""
    for outer, inner in ((step, other), (other, step)):
        asked = definitions(evaluator, inner.value.func, frame)
        if asked and any(
            _makes(evaluator, function, outer.value, inner.value, asked, frame)
            for function in definitions(evaluator, outer.value.func, frame)
        ):
            return (
                f"`{ast.unparse(outer.value.func)}` itself calls `{ast.unparse(inner.value.func)}`: hand it the result"
            )
    return ""


def _makes(
    evaluator: Evaluator,
    function: Function,
    outer: ast.Call,
    wanted: ast.Call,
    asked: tuple[Function, ...],
    frame: Frame,
) -> bool:
    """Whether a function, called as `outer` calls it, calls one of `asked` with the arguments of `wanted`."""
    inner = function_scope(function)
    names = {asking.name for asking in asked}
    for node in descendants(function.whole()):
        if not isinstance(node, ast.Call) or last_name(node.func) not in names:
            continue
        if _given(node, function, outer, frame) == _texts(wanted) and not set(asked).isdisjoint(
            definitions(evaluator, node.func, inner)
        ):
            return True
    return False


def _given(call: ast.Call, function: Function, outer: ast.Call, frame: Frame) -> tuple[str, ...] | None:
    """Return the arguments of a call in a function, as they are called where `outer` calls that function."""
    bound = function.owner is not None and isinstance(outer.func, ast.Attribute)
    given = assigned(function.node.args, of_call(outer, frame), int(bound))
    if given is None:
        return None
    names = {one.arg: ast.unparse(value) for one, value in given.items() if isinstance(value, ast.expr)}
    return tuple(names.get(text, text) for text in _texts(call))


def _texts(call: ast.Call) -> tuple[str, ...]:
    return tuple(map(ast.unparse, given_values(call)))
