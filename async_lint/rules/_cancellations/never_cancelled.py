"""What no cancellation comes to, or comes out of as itself."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Frame, ModuleView, last_name
from async_lint.rules._cancellations.accounted_for import Place
from async_lint.rules._cancellations.cancellation import waits
from async_lint.rules._cancellations.done_already import is_done
from async_lint.rules._cancellations.ended_inside import ends_cancellation

_CHECKPOINT = "cancel_shielded_checkpoint"
_NURSERY = "trio.open_nursery"
_STRICT = "strict_exception_groups"


def may_be_cancelled(body: Sequence[ast.stmt], place: Place) -> bool:
    """Whether some statements wait for more than what no cancellation gets into, or comes out of."""
    frame, view = place.frame, place.view
    may_be_shielded = view.project.mentions(_CHECKPOINT)
    return not all(
        (may_be_shielded and _is_shielded(node, frame, view, further=True))
        or ends_cancellation(node, frame, view)
        or is_done(node, frame, view)
        for node in waits(body)
    )


def _is_shielded(node: ast.AST, frame: Frame, view: ModuleView, further: bool) -> bool:
    if not isinstance(node, ast.Await) or not isinstance(node.value, ast.Call):
        return False
    callee = node.value.func
    if last_name(callee) == _CHECKPOINT:
        name = view.names.name_of(callee, frame) or ""
        return name.partition(".")[0] in ("anyio", "trio")
    inside = view.project.inside(callee, frame) if further else None
    found = [(one, scope) for one, scope in inside or () if isinstance(one, ast.Await | ast.AsyncFor | ast.AsyncWith)]
    return bool(found) and all(_is_shielded(one, scope, view, further=False) for one, scope in found)


def comes_in_a_group(body: Sequence[ast.stmt], place: Place) -> bool:
    """Whether all of a `try` is a nursery of trio, which raises groups alone: its Cancelled is no longer one.

    https://trio.readthedocs.io/en/stable/reference-core.html#exceptiongroups
    """
    match body:
        case [ast.AsyncWith(items=[ast.withitem(context_expr=ast.Call(func=opened, keywords=keywords))])]:
            names = (_NURSERY, place.view.names.canonical(_NURSERY))
            is_strict = all(keyword.arg != _STRICT for keyword in keywords)
            return is_strict and place.view.names.name_of(opened, place.frame) in names
    return False
