"""Returns of one function that lead to the same blocking call: one cause, and one finding."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import BlockingPath, Frame, ModuleView, Site, Wanted, children, inside


def same_way(
    path: BlockingPath, call: Site, around: Sequence[ast.AST], wanted: Wanted, view: ModuleView
) -> list[ast.Return]:
    """Return the other `return`s of the function that go the same way as a call in a `return`, down other functions.

    `around` are the nodes above the call, its function first.
    """
    own = next((node for node in around if isinstance(node, ast.Return)), None)
    if own is None or not path.hops:
        return []
    returns = (node for node, _ in inside(children(around[0])) if isinstance(node, ast.Return) and node is not own)
    return [other for other in returns if _goes(other, path, call.frame, wanted, view)]


def _goes(returned: ast.Return, path: BlockingPath, frame: Frame, wanted: Wanted, view: ModuleView) -> bool:
    calls = (node for node, _ in inside([returned]) if isinstance(node, ast.Call))
    ways = (view.blocking.path(node, frame, wanted) for node in calls)
    return any(way is not None and way.hops == path.hops for way in ways)
