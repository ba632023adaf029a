"""Where an exception is on its way already, which goes on whatever is caught there."""

import ast
from collections.abc import Sequence
from itertools import pairwise

from async_lint.inference.face import Frame, ModuleView, Try
from async_lint.rules._cancellations.awaiting_callers import where_awaited
from async_lint.rules._cancellations.cancellation import catches, own_nodes
from async_lint.rules._cancellations.endings import endings
from async_lint.rules._cancellations.ways import Exit, Way, exits

_EXIT = "__aexit__"


def is_on_its_way(chain: Sequence[ast.AST], frame: Frame, view: ModuleView) -> bool:
    """Whether an exception goes on behind the place to which a chain leads from the function down."""
    for outer, inner in pairwise(chain):
        # Another exception may be on its way there, which goes on behind the `finally`.
        if isinstance(outer, Try) and inner in outer.finalbody:
            return True
        if isinstance(inner, ast.ExceptHandler) and (_raises(inner) or _is_kept(inner, chain[0], frame, view)):
            return True
    return False


def is_called_on_its_way(frame: Frame, view: ModuleView) -> bool:
    """Whether all calls of a function in the project are awaited in handlers that raise at their end."""
    callers = [caller.site for caller in view.project.callers(frame) if caller.proved]
    return bool(callers) and all(
        any(isinstance(node, ast.ExceptHandler) and _raises(node) for node in where_awaited(site, view) or ())
        for site in callers
    )


def is_raised_behind_exit(chain: Sequence[ast.AST], ways: Sequence[Exit]) -> bool:
    """Whether an `__aexit__` was given an exception that the interpreter raises again, when the last node is left.

    It does so where the method gives nothing true.
    """
    function = chain[0]
    if not isinstance(function, ast.AsyncFunctionDef) or function.name != _EXIT:
        return False
    given = _given(function)
    tested = any(
        isinstance(outer, ast.If) and inner in outer.body and _is_there(outer.test, given)
        for outer, inner in pairwise(chain)
    )
    return tested and not any(_may_be_true(one.node) for way in ways for one in endings(chain, way))


def _raises(handler: ast.ExceptHandler) -> bool:
    return all(one.way is Way.RAISE for one in exits(handler.body))


def _is_kept(handler: ast.ExceptHandler, function: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether the cancellation that a handler has caught is raised further down: `cancelled = err`."""
    if handler.name is None or catches(handler.type, frame, view) is None:
        return False
    kept = {
        target.id
        for node in own_nodes(handler.body)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == handler.name
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return any(
        isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in kept
        for node in own_nodes(getattr(function, "body", ()))
        if getattr(node, "lineno", 0) > handler.lineno
    )


def _given(function: ast.AsyncFunctionDef) -> frozenset[str]:
    """Return the parameters of an `__aexit__` that hold the class and the exception, but for those that are rebound."""
    names = {one.arg for one in [*function.args.posonlyargs, *function.args.args][1:3]}
    bound = [node for node in own_nodes(function.body) if isinstance(node, ast.Assign | ast.NamedExpr)]
    # What is there after `exc = None` is still the one that was given.
    others = [node for node in bound if not (isinstance(node.value, ast.Constant) and node.value.value is None)]
    targets = [part for node in others for part in (node.targets if isinstance(node, ast.Assign) else [node.target])]
    return frozenset(names - {part.id for part in own_nodes(targets) if isinstance(part, ast.Name)})


def _is_there(test: ast.expr, names: frozenset[str]) -> bool:
    """Whether a test that came out true says that one of these names is not None."""
    match test:
        case ast.Name(id=name) | ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[ast.Name(id=name), _]):
            return name in names
        case ast.Compare(left=ast.Name(id=name), ops=[operator], comparators=[right]) if name in names:
            none = isinstance(right, ast.Constant) and right.value is None
            return isinstance(operator, ast.IsNot | ast.NotEq if none else ast.Is | ast.Eq)
        case ast.BoolOp(op=ast.And(), values=values):
            return any(_is_there(value, names) for value in values)
        case ast.BoolOp(op=ast.Or(), values=values):
            return all(_is_there(value, names) for value in values)
    return False


def _may_be_true(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Return) or statement.value is None:
        return False
    return not isinstance(statement.value, ast.Constant) or bool(statement.value.value)
