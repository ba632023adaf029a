"""Functions that keep count of what cancels them: what they end goes on elsewhere, or never was a cancellation."""

import ast
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Try, last_name
from async_lint.rules._exceptions.cancellation import catches, own_nodes
from async_lint.rules._exceptions.going_on import texts
from async_lint.rules._exceptions.ways import Way, exits

# Who asks for these tells one cancellation from another.
_COUNTS = frozenset({".uncancel", ".cancelling", ".current_task", "current_task"})


class Place(NamedTuple):
    """The nodes from an `async def` down to a statement in it, and where their names are looked up."""

    chain: Sequence[ast.AST]
    frame: Frame
    view: ModuleView
    tree: ast.Module

    @property
    def function(self) -> ast.AsyncFunctionDef:
        assert isinstance(self.chain[0], ast.AsyncFunctionDef)
        return self.chain[0]


def is_accounted_for(place: Place) -> bool:
    """Whether the function counts cancellations, raises one itself, has another exception to raise, or is shielded."""
    if not _COUNTS.isdisjoint(texts(place.function.body)):
        return True
    for outer, inner in pairwise(place.chain):
        if isinstance(outer, ast.With) and any(_is_shielded(item.context_expr, place) for item in outer.items):
            return True
        if isinstance(outer, Try) and inner in outer.finalbody:
            return True
        if isinstance(inner, ast.ExceptHandler) and all(one.way is Way.RAISE for one in exits(inner.body)):
            return True
    return any(_raises_one(node, place) for node in own_nodes(place.function.body))


def _is_shielded(manager: ast.expr, place: Place) -> bool:
    """Whether it is a scope of anyio or trio that no cancellation gets into."""
    return isinstance(manager, ast.Call) and any(
        keyword.arg == "shield" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in manager.keywords
    )


def _raises_one(node: ast.AST, place: Place) -> bool:
    """Whether it is `raise asyncio.CancelledError`, for one that was kept back for a while."""
    if not isinstance(node, ast.Raise) or node.exc is None:
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return "Cancel" in last_name(raised) and catches(raised, place.frame, place.view) is not None
