"""Another loop over the same work that says of itself that it goes one by one, which is a policy for this one, too.

async def load_parcels(names):
    '''Loads them one at a time, for each fills the memory.'''
    for name in names: await load_parcel(name)
...
for name in names: await load_parcel(name)        the loop that stands here
"""

import ast
from collections.abc import Iterable, Iterator, Sequence

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.gates import DESCRIBED_IN_TURN, is_described_in_turn
from async_lint.inference.independence.handed_work import handed
from async_lint.inference.independence.iteration import Comprehension
from async_lint.inference.independence.verdict import Awaited
from async_lint.inference.names import mentions
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, Module, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.notes import cited
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame


def declared_elsewhere(evaluator: Evaluator, awaited: Sequence[Awaited], frame: Frame) -> str:
    """Return as a clause which other loop over the same work says so; empty where none does.

    It is looked for in the file of the awaits, whose frame is given, and in that of what they call.
    """
    calls = (step.node for step in awaited if isinstance(step.node, ast.Call))
    for work in (function for call in calls for function in definitions(evaluator, _callee(call), frame)):
        for twin in _in_turn(dict.fromkeys((frame.module, work.module))):
            if work in _awaited_in_loops(evaluator, twin, work.name):
                place = cited(twin.module.path, twin.node.lineno)
                return f"`{twin.qualname}` ({place}) does the same, and says that it does so in turn"
    return ""


def _callee(call: ast.Call) -> ast.expr:
    return handed(call) or call.func


def _in_turn(modules: Iterable[Module]) -> Iterator[Function]:
    for module in modules:
        found = mentions.functions(module, DESCRIBED_IN_TURN)
        yield from (function for function in found if is_described_in_turn(function.whole()))


def _awaited_in_loops(evaluator: Evaluator, function: Function, name: str) -> Iterator[Function]:
    """Yield the functions of a name of which another function awaits one in a loop, and nothing else there."""
    for loop in descendants(function.whole()):
        # What a `while` goes through, page by page, is no work on several things.
        if isinstance(loop, ast.For | Comprehension):
            awaits = [node.value for node in descendants(loop) if isinstance(node, ast.Await)]
            callees = [_callee(value) for value in awaits if isinstance(value, ast.Call)]
            if len(callees) == len(awaits) and {last_name(callee) for callee in callees} == {name}:
                yield from definitions(evaluator, callees[0], function_scope(function))
