"""Exceptions that end before anybody sees what caused them: a handler further out takes them as a signal."""

import ast
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, Function, ModuleView, Raised, Site, Try, children, descendants
from async_lint.rules._exceptions.comes_out import comes_out
from async_lint.rules._exceptions.ended_by_text import leaves_text, raises_again
from async_lint.rules._exceptions.handlers import nodes_in
from async_lint.rules._exceptions.text_alone import ends_there


def is_caught_again(raised: cst.BaseExpression, made: Sequence[Raised], context: Context) -> bool:
    """Whether handlers around `raise raised`, or around all calls of its private function, end what is raised.

    Such a handler is sure to catch it and looks at no more than its text and its attributes. It raises nothing that
    shows a cause: nothing at all, an exit, or what a framework makes an answer of.
    """
    counterpart = context.counterpart(raised)
    if counterpart is None:
        return False
    view, frame = context.view, counterpart.frame
    above = view.project.above(counterpart.node, frame) or _above_outside(counterpart.node, context.source.tree)
    if is_ended_around((*above, counterpart.node), frame, made, context):
        return True
    function = frame.function
    # What is public, others may call too.
    if function is None or not function.name.startswith("_") or function.name.startswith("__"):
        return False
    callers = view.project.callers(frame)
    return bool(callers) and all(
        caller.proved and _ends_around_call(caller.site, function, made, context) for caller in callers
    )


def _above_outside(node: ast.expr, tree: ast.Module) -> list[ast.AST]:
    """Return the nodes above one that stands outside functions."""
    path: list[ast.AST] = []
    below: Iterable[ast.AST] = tree.body
    while (around := next((one for one in below if _spans(one, node)), None)) is not None and around is not node:
        path.append(around)
        below = children(around)
    return path


def _spans(outer: ast.AST, node: ast.expr) -> bool:
    first, last = getattr(outer, "lineno", 0), getattr(outer, "end_lineno", 0)
    if first == last == node.lineno:
        return any(inner is node for inner in descendants(outer))
    return bool(first <= node.lineno <= (last or 0))


def _ends_around_call(site: Site, callee: Function, made: Sequence[Raised], context: Context) -> bool:
    above = context.view.project.above(site.node, site.frame)
    if not above or not comes_out(site, callee, above, context):
        return False
    return is_ended_around((*above, site.node), site.frame, made, context) is True


def is_ended_around(
    chain: Sequence[ast.AST],
    frame: Frame,
    made: Sequence[Raised],
    context: Context,
    leaves: Callable[[ast.ExceptHandler, Frame, Context], bool] = leaves_text,
) -> bool | None:
    """Whether the innermost handler around the last of a chain of nodes that may catch what is raised there ends it.

    None where it gets past all of them as it is. `leaves` tells of a handler whether it shows no cause.
    """
    view = context.view
    for below, around in pairwise(reversed(chain)):
        if isinstance(around, ast.With) and below in around.body:
            if any(_suppresses(item.context_expr, made, frame, view) for item in around.items):
                return True
        if isinstance(around, Try) and below in around.body:
            # `except*` makes a group of it.
            if not isinstance(around, ast.Try):
                return False
            for handler in around.handlers:
                if not _may_catch(handler, made, frame, view) or _is_blind(handler, frame, view):
                    continue
                if not _is_sure(handler, made, frame, view) or not leaves(handler, frame, context):
                    return False
                if not raises_again(handler):
                    return True
                break
    return None


def _suppresses(manager: ast.expr, made: Sequence[Raised], frame: Frame, view: ModuleView) -> bool:
    if not isinstance(manager, ast.Call) or view.names.name_of(manager.func, frame) != "contextlib.suppress":
        return False
    caught = {lineage.own for cls in manager.args for lineage in view.exceptions.classes_of(cls, frame)}
    return _takes_all(caught, made)


def _takes_all(caught: Collection[str | None], made: Sequence[Raised]) -> bool:
    return bool(caught) and all(any(cls in new.lineage.names for cls in caught) for new in made)


def _may_catch(handler: ast.ExceptHandler, made: Sequence[Raised], frame: Frame, view: ModuleView) -> bool:
    caught = view.exceptions.classes_of(handler.type, frame) if handler.type is not None else ()
    return not caught or any(
        lineage.own is None or lineage.own in new.lineage.names for lineage in caught for new in made
    )


def _is_sure(handler: ast.ExceptHandler, made: Sequence[Raised], frame: Frame, view: ModuleView) -> bool:
    if handler.type is None:
        return True
    return _takes_all({lineage.own for lineage in view.exceptions.classes_of(handler.type, frame)}, made)


def _is_blind(handler: ast.ExceptHandler, frame: Frame, view: ModuleView) -> bool:
    """Whether a handler of a class that is not known ends what it catches without a look: it shows no cause, either."""
    if handler.type is None or view.exceptions.classes_of(handler.type, frame):
        return False
    named = (isinstance(node, ast.Name) and node.id == handler.name for node in nodes_in(handler.body))
    return ends_there(handler.body, handler.name) and not any(named)
