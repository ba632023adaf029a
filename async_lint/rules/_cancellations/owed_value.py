"""Whether a handler comes to the end of a function that has to give a value, and so gives None by mistake."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Frame, ModuleView
from async_lint.rules._cancellations.accounted_for import Place
from async_lint.rules._cancellations.cancellation import own_nodes
from async_lint.rules._cancellations.endings import endings
from async_lint.rules._cancellations.unchanged_names import behind, unchanged_names
from async_lint.rules._cancellations.ways import Way, exits

_COLLECTIONS = frozenset({"builtins.dict", "builtins.frozenset", "builtins.list", "builtins.set", "builtins.tuple"})


def owes_a_value(handler: ast.ExceptHandler, chain: Sequence[ast.AST], place: Place) -> bool:
    """Whether the function is declared to give something, gives it by each `return`, and none stands on this way."""
    if not place.once(_has_to_give, place.function, place.frame, place.view):
        return False
    after = behind(unchanged_names(chain))
    ways = [last for way in exits(handler.body) for last in endings([*chain, handler], way, after)]
    return bool(ways) and all(way.way is Way.END for way in ways)


def _has_to_give(function: ast.AsyncFunctionDef, frame: Frame, view: ModuleView) -> bool:
    if not _excludes_none(function.returns, frame, view):
        return False
    returns = [node.value for node in own_nodes(function.body) if isinstance(node, ast.Return)]
    return bool(returns) and not any(value is None or _is_none(value) for value in returns)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _excludes_none(annotation: ast.expr | None, frame: Frame, view: ModuleView) -> bool:
    """Whether an annotation names a class, of which None is no instance; of an alias nobody knows."""
    match annotation:
        case ast.Name() | ast.Attribute():
            name = view.names.name_of(annotation, frame) or "typing."
            return not name.startswith("typing.") and name != "builtins.object"
        case ast.Subscript(value=ast.Name() as collection):
            return view.names.name_of(collection, frame) in _COLLECTIONS
    return False
