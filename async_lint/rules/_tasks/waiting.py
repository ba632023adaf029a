"""Whether a function waits, or runs the event loop, after a place in it: what it made there then goes on meanwhile."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from async_lint.inference.face import Frame, Kind, ModuleView, Touch, Try, children, last_name
from async_lint.rules._tasks.function_tree import Tree

# The names of calls that may run the loop until the work is done, unless it is known what they do.
_RUNS = re.compile(r"(?:^|_)(?:run|serve|exec|join|wait|main)", re.I)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_HOLDING = frozenset({Kind.COROUTINE, Kind.AWAITABLE, Kind.ASYNC_GENERATOR, Kind.ASYNC_CONTEXT, Kind.TASK})
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield, ast.YieldFrom)
RunsLoop = Callable[[ast.Call], bool]


def waits_after(node: ast.AST, tree: Tree, runs_loop: RunsLoop) -> bool:
    """Whether the function, or a loop that it runs, may go on once `node` has run."""
    ended = False
    while node is not tree.function:
        parent = tree.parents[id(node)]
        # To leave it, or to take its next item, waits as well.
        if isinstance(parent, ast.AsyncWith | ast.AsyncFor):
            return True
        for rest in _blocks_after(node, parent, ended):
            if any(_waits(statement, tree, runs_loop) for statement in rest):
                return True
            ended = ended or any(isinstance(statement, ast.Return | ast.Raise) for statement in rest)
        # In the next turn what stands above the place runs, too.
        if isinstance(parent, ast.For | ast.While) and not ended and _waits(parent, tree, runs_loop):
            return True
        node = parent
    return False


def _waits(statement: ast.AST, tree: Tree, runs_loop: RunsLoop) -> bool:
    known = tree.waiting.get(id(statement))
    if known is None:
        known = tree.waiting[id(statement)] = _has_wait(statement, runs_loop)
    return known


def _blocks_after(node: ast.AST, parent: ast.AST, ended: bool) -> Iterator[Sequence[ast.AST]]:
    """Yield the blocks of `parent`, or what is left of one, that may run after `node`, which stands in one of them.

    `ended`: what stands beside `node` left the function, so that nothing but a `finally` still runs.
    """
    passed = False
    for field in ("body", "handlers", "orelse", "finalbody"):
        block = getattr(parent, field, None)
        if not isinstance(block, list):
            continue
        if node in block:
            passed = True
            # Of several handlers no more than one runs.
            if not ended and field != "handlers":
                yield block[block.index(node) + 1 :]
        elif passed and isinstance(parent, Try) and (field == "finalbody" or not ended):
            yield block


def runs_loop(call: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a call may run the event loop: it is named so, and is not known to do something else."""
    if not _RUNS.search(last_name(call.func)):
        return False
    # To call `async def run()` makes a coroutine, and what only reads starts nothing.
    return (
        view.calls.kind_of(call, frame).kind not in _HOLDING
        and view.effects.of_callee(call.func, frame).touch is not Touch.READS
    )


def _has_wait(statement: ast.AST, runs_loop: RunsLoop) -> bool:
    stack = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, _WAITS) or (isinstance(node, ast.comprehension) and node.is_async):
            return True
        if isinstance(node, ast.Call) and runs_loop(node):
            return True
        if not isinstance(node, _SCOPES):
            stack.extend(children(node))
    return False
