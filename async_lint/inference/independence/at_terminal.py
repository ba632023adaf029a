"""What has the terminal for itself: a question to a person, and a live display, of which a screen has room for one.

secret = getpass(f"secret of {name}: ")        a person answers one question after another
await asyncio.to_thread(input, name)           the same
with Progress() as bar: ...                    two at once are an error, or write into one another
self.bar.start()                               the same
"""

import ast
from collections.abc import Sequence
from functools import cache

from async_lint.inference.independence.handed_work import called_by
from async_lint.inference.independence.iteration import inside
from async_lint.inference.independence.words import those
from async_lint.inference.names.aliases import last_word
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.unions import without_none
from async_lint.inference.types.values import Frame

DRAWS = "draws on the screen again and again, which has room for one display"


def asks_person(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
    """Whether a call waits until a person has answered at the terminal."""
    asking = those("asking-people")
    if last_word(callee, frame) not in _last_words(asking):
        return False
    name = evaluator.qualified_name(evaluator.evaluate(callee, frame))
    return name is not None and (name in asking or name in map(evaluator.defined_name, asking))


def is_live_display(evaluator: Evaluator, shown: ast.expr, frame: Frame) -> bool:
    """Whether it is what draws on the screen again and again, from when it is entered or started."""
    return evaluator.qualified_name(without_none(evaluator.evaluate(shown, frame))) in those("live-displays")


def obstacle(evaluator: Evaluator, nodes: Sequence[ast.AST], frame: Frame, last: tuple[int, int]) -> str:
    """Return as a clause that an iteration has the terminal for itself before `last`, the end of its last `await`."""
    for node, _ in inside(nodes):
        match node:
            case ast.Call() if (node.lineno, node.col_offset) < last:
                asked = next((func for func in called_by(node) if asks_person(evaluator, func, frame)), None)
                if asked is not None:
                    return f"`{ast.unparse(asked)}` asks a person, who answers one after another"
            case ast.withitem(context_expr=shown) if is_live_display(evaluator, shown, frame):
                return f"`{ast.unparse(shown)}` {DRAWS}"
    return ""


@cache
def _last_words(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.rpartition(".")[2] for name in names)
