"""What has the terminal for itself: a question to a person, who answers one after another.

secret = getpass(f"secret of {name}: ")
"""

import ast
from collections.abc import Sequence
from functools import cache

from async_lint.inference.independence.iteration import inside
from async_lint.inference.independence.words import those
from async_lint.inference.names.aliases import last_word
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.values import Frame


def asks_person(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> bool:
    """Whether a call waits until a person has answered at the terminal."""
    asking = those("asking-people")
    if last_word(callee, frame) not in _last_words(asking):
        return False
    name = evaluator.qualified_name(evaluator.evaluate(callee, frame))
    return name is not None and (name in asking or name in map(evaluator.defined_name, asking))


def question(evaluator: Evaluator, nodes: Sequence[ast.AST], frame: Frame, last: tuple[int, int]) -> str:
    """Return as a clause that an iteration asks a person before `last`, the end of its last `await`."""
    for node, _ in inside(nodes):
        if isinstance(node, ast.Call) and (node.lineno, node.col_offset) < last:
            if asks_person(evaluator, node.func, frame):
                return f"`{ast.unparse(node.func)}` asks a person, who answers one after another"
    return ""


@cache
def _last_words(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.rpartition(".")[2] for name in names)
