"""What stands against a function that leaves work to a thread, in that work: a lock, or what it sets for all.

async def count(self, shop):
    def work(): ...                        a nested function, which uses what the function around was given
    return await asyncio.to_thread(work)
"""

import ast
from collections.abc import Iterator

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.given_arguments import arguments_for
from async_lint.inference.independence.handed_work import handed, is_hand_off
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.independence.sharing import receiver_of
from async_lint.inference.independence.vetoes import Vetoes
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, dotted, parameters
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame


def objection_within(
    evaluator: Evaluator, vetoes: Vetoes, function: Function, call: ast.Call, frame: Frame, iteration: Iteration
) -> str:
    """Return it as a clause, empty where nothing does. `call`, which stands in `frame`, calls `function`."""
    own = isinstance(call.func, ast.Attribute) and iteration.of(call.func.value).own
    of_item = set(_of_item(function, call, frame, iteration)) | ({receiver_of(function)} if own else set())
    for work in _handed_within(function):
        found = definitions(evaluator, work, function_scope(function))
        # What a nested function enters or sets of the item's is the item's own business.
        if any(one.outer is not None and not of_item.isdisjoint(_touched(one)) for one in found):
            continue
        seen = vetoes.of(found, own, in_thread=True)
        objects = seen.veto or ("" if own else seen.shares or seen.fills)
        if objects:
            return objects
    return ""


def _handed_within(function: Function) -> Iterator[ast.expr]:
    for node in descendants(function.whole()):
        work = handed(node) if isinstance(node, ast.Call) and is_hand_off(node.func) else None
        if isinstance(work, ast.Name | ast.Attribute):
            yield work


def _of_item(function: Function, call: ast.Call, frame: Frame, iteration: Iteration) -> Iterator[str]:
    """Yield the parameters of the function that are given what belongs to the item."""
    for parameter in parameters(function.node.args):
        given = arguments_for(function, call, frame, frozenset({parameter.arg}))
        if any(iteration.of(value).own for value in given):
            yield parameter.arg


def _touched(function: Function) -> Iterator[str]:
    """Yield the names that what a function enters or sets begins with."""
    for node in descendants(function.whole()):
        match node:
            case ast.withitem(context_expr=ast.Call(func=touched)) | ast.withitem(context_expr=touched):
                yield dotted(touched).partition(".")[0]
            case ast.Attribute(ctx=ast.Store()):
                yield dotted(node).partition(".")[0]
