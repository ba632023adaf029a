"""What a `finally` does that somebody may wait for."""

import ast
import re
from collections.abc import Sequence
from itertools import chain

from async_lint.inference.face import children, descendants

# To write a line late is no harm.
_TELLING = re.compile(r"log|debug|info|warn|error|exception|critical|print|trace|metric|observe|time|monotonic", re.I)
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def work_of(block: Sequence[ast.stmt]) -> ast.expr | ast.stmt | None:
    """Return an await, a call, or a change of what outlives the function; None where a block only tells of something.

    What a call is for, its name says: `log.info(...)`.
    """
    nodes = [node for statement in block for node in _own(statement)]
    waits = (node for node in nodes if isinstance(node, ast.Await | ast.AsyncWith | ast.AsyncFor))
    calls = (node for node in nodes if isinstance(node, ast.Call))
    changes = (node for node in nodes if isinstance(node, ast.Assign | ast.Delete) and _outlives(node))
    return next((node for node in chain(waits, calls, changes) if not _tells(node)), None)


def _outlives(node: ast.Assign | ast.Delete) -> bool:
    return any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)


def _tells(node: ast.AST) -> bool:
    call = node.value if isinstance(node, ast.Await) else node
    if not isinstance(call, ast.Call):
        return False
    callees = [part for part in descendants(call) if isinstance(part, ast.Call)]
    return all(_TELLING.search(ast.unparse(part.func)) is not None for part in callees)


def _own(node: ast.AST) -> list[ast.AST]:
    nodes = [node]
    for parent in nodes:  # it grows meanwhile
        if not isinstance(parent, _NESTED):
            nodes += children(parent)
    return nodes
