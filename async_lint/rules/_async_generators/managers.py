"""Context managers that hold nothing: to leave them late makes no difference."""

import ast
from collections.abc import Sequence
from itertools import pairwise

from async_lint.inference.face import Frame, ModuleView, Try
from async_lint.rules._async_generators.cleanup import work_of

_EMPTY = (
    *("contextlib.suppress", "contextlib.nullcontext", "contextlib.redirect_stdout", "contextlib.redirect_stderr"),
    *("warnings.catch_warnings", "pytest.raises", "pytest.warns"),
)
_WORDS = frozenset(name.rpartition(".")[2] for name in _EMPTY)
_ENTERING = ("__enter__", "__aenter__")


def is_empty(manager: ast.expr, frame: Frame, view: ModuleView) -> bool:
    """Whether a context manager only looks at exceptions: by its name, or by its definition in the project."""
    callee = manager.func if isinstance(manager, ast.Call) else manager
    if view.names.last_word(callee, frame) in _WORDS:
        name = view.names.name_of(callee, frame)
        if any(name in (empty, view.names.canonical(empty)) for empty in _EMPTY):
            return True
    nodes = view.project.inside(callee, frame) or ()
    inner = nodes[0][1].enclosing_function() if nodes else None
    if inner is None or inner.function is None:
        return False
    if inner.function.is_generator:
        own = [node for node, around in nodes if isinstance(node, ast.Yield) and around.enclosing_function() is inner]
        return all(_is_last(node, inner, view) for node in own)
    return _enters_nothing(nodes)


def _enters_nothing(nodes: Sequence[tuple[ast.AST, Frame]]) -> bool:
    """Whether the `__enter__` of a class does nothing and gives nothing."""
    steps = [
        node
        for node, frame in nodes
        if isinstance(node, ast.stmt) and frame.function is not None and frame.function.name in _ENTERING
    ]
    return bool(steps) and all(_does_nothing(step) for step in steps)


def _does_nothing(step: ast.stmt) -> bool:
    match step:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Return(value=None | ast.Constant(value=None)):
            return True
    return False


def _is_last(node: ast.Yield, frame: Frame, view: ModuleView) -> bool:
    """Whether nothing runs behind a `yield` of a `@contextmanager` but what handles an exception."""
    for outer, inner in pairwise([*(view.project.above(node, frame) or ()), node]):
        if isinstance(outer, ast.With | ast.AsyncWith | ast.For | ast.AsyncFor | ast.While):
            return False
        blocks = [block for _, block in ast.iter_fields(outer) if isinstance(block, list) and inner in block]
        if any(block[-1] is not inner for block in blocks):
            return False
        if isinstance(outer, Try) and (outer.orelse or work_of(outer.finalbody) is not None):
            return False
    return True
