"""Whether the `with` of a pool of threads or processes waits for work.

    with ThreadPoolExecutor() as pool:
        pages = pool.map(fetch, urls)        # at the end of the block all of it is done

Where the block awaits something, that is the work as a rule, and nothing is left to wait for.
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.blocking.ended import may_be_done, nodes_around
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.nodes import children
from async_lint.inference.types.values import Frame

_GIVING = frozenset(["map", "submit"])
# A run may do without these.
_LEFT_OUT = (
    ast.If
    | ast.IfExp
    | ast.Match
    | ast.ExceptHandler
    | ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.Lambda
    | ast.ClassDef
)
_AWAITING = ast.Await | ast.AsyncFor | ast.AsyncWith


def waits_for_work(evaluator: Evaluator, call: ast.Call, frame: Frame) -> bool:
    """Whether a call makes the pool of a `with` that is sure to give it work, and waits for it at the end alone."""
    for block in nodes_around(frame):
        if not isinstance(block, ast.With):
            continue
        for item in block.items:
            if item.context_expr is call and isinstance(item.optional_vars, ast.Name):
                return _is_left_to_end(evaluator, block.body, item.optional_vars.id, frame)
    return False


def _is_left_to_end(evaluator: Evaluator, body: Sequence[ast.stmt], pool: str, frame: Frame) -> bool:
    everything = [node for statement in body for node in ast.walk(statement)]
    if any(isinstance(node, _AWAITING) or _is_told_or_waited_for(evaluator, node, frame) for node in everything):
        return False
    return any(_gives_work(node, pool) for node in _sure(body))


def _gives_work(node: ast.AST, pool: str) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if name == pool:
            return attr in _GIVING
        case ast.Call(func=ast.Attribute(attr="run_in_executor"), args=[ast.Name(id=name), *_]):
            return name == pool
    return False


def _is_told_or_waited_for(evaluator: Evaluator, node: ast.AST, frame: Frame) -> bool:
    """Whether a pool is told not to wait, or its future waited for by a call that is judged itself."""
    match node:
        case ast.Call(func=ast.Attribute(attr="shutdown")):
            return True
        case ast.Call(func=ast.Attribute(attr="result")):
            return not may_be_done(evaluator, node, frame)
    return False


def _sure(nodes: Sequence[ast.AST]) -> Iterator[ast.AST]:
    for node in nodes:
        if not isinstance(node, _LEFT_OUT):
            yield node
            yield from _sure(list(children(node)))
