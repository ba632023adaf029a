"""Functions that keep count of what cancels them: what they end goes on elsewhere, or never was a cancellation."""

import ast
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from async_lint.inference.face import Frame, Lineage, ModuleView, last_name
from async_lint.rules._cancellations.cancellation import Caught, catches, own_nodes
from async_lint.rules._cancellations.going_on import texts
from async_lint.rules._cancellations.on_its_way import is_on_its_way

# Who asks for these tells one cancellation from another.
_COUNTS = frozenset({".uncancel", ".cancelling", ".current_task", "current_task"})
# A loop of its own may have them for itself alone: `task._uncancel()`.
_COUNTING = frozenset({"uncancel", "cancelling"})


_Made = TypeVar("_Made")


class Place(NamedTuple):
    """The nodes from an `async def` down to a statement in it, and where their names are looked up."""

    chain: Sequence[ast.AST]
    frame: Frame
    view: ModuleView
    tree: ast.Module
    # Whether a class of exceptions is an answer, and no failure: `HTTPException`.
    is_answer: Callable[[Lineage], bool]
    # Whether a handler, or what is none, is reported though no loop goes round for it.
    is_wanted: Callable[[ast.ExceptHandler | None, Caught, "Place"], bool]
    # What was worked out of this file's functions: one may have a thousand handlers.
    known: dict[Hashable, Any]

    def once(self, make: Callable[..., _Made], *of: Hashable) -> _Made:
        """Return `make(*of)`, worked out once for the file."""
        key = (make, *of)
        if key not in self.known:
            self.known[key] = make(*of)
        return cast(_Made, self.known[key])

    @property
    def function(self) -> ast.AsyncFunctionDef:
        assert isinstance(self.chain[0], ast.AsyncFunctionDef)
        return self.chain[0]


def is_accounted_for(place: Place) -> bool:
    """Whether the function counts cancellations, raises one itself, has another exception to raise, or is shielded."""
    for outer in place.chain:
        # anyio and trio enter a cancel scope by a plain `with`.
        if isinstance(outer, ast.With) and any(_is_shielded(item.context_expr, place) for item in outer.items):
            return True
    if is_on_its_way(place.chain, place.frame, place.view):
        return True
    return place.once(_counts, place.function, place.frame, place.view)


def _counts(function: ast.AsyncFunctionDef, frame: Frame, view: ModuleView) -> bool:
    if not _COUNTS.isdisjoint(texts(function.body)):
        return True
    nodes = list(own_nodes(function.body))
    # Only what is called: `self._cancelling` may be a flag.
    if any(isinstance(node, ast.Call) and last_name(node.func).lstrip("_") in _COUNTING for node in nodes):
        return True
    return any(_raises_one(node, frame, view) or _asks_a_helper(node, frame, view) for node in nodes)


def _asks_a_helper(node: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether a test calls a function of the project that counts cancellations."""
    if not isinstance(node, ast.If):
        return False
    calls = (call for call in own_nodes([node.test]) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name))
    inside = (one for call in calls for one, _ in view.project.inside(call.func, frame) or ())
    return any(isinstance(one, ast.Attribute) and f".{one.attr}" in _COUNTS for one in inside)


def _is_shielded(manager: ast.expr, place: Place) -> bool:
    """Whether it is a scope of anyio or trio that no cancellation gets into."""
    return isinstance(manager, ast.Call) and any(
        keyword.arg == "shield" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in manager.keywords
    )


def _raises_one(node: ast.AST, frame: Frame, view: ModuleView) -> bool:
    """Whether it is `raise asyncio.CancelledError`, for one that was kept back for a while."""
    if not isinstance(node, ast.Raise) or node.exc is None:
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    # `catches` alone would let `raise BaseException` pass for one.
    return "Cancel" in last_name(raised) and catches(raised, frame, view) is not None
