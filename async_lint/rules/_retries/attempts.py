"""Endless loops that try something again whenever it fails, whatever the failure is."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView
from async_lint.rules._cancellations.cancellation import own_nodes
from async_lint.rules._cancellations.ways import Way, exits, is_endless
from async_lint.rules._shared.broad_handlers import ALL_ERRORS

_ROUND = frozenset({Way.END, Way.CONTINUE})
_LEAVING = ast.Return | ast.Break | ast.Raise
# Exceptions that end the task or the program: to let them out limits nothing else.
_ENDS = frozenset({"CancelledError", "Cancelled", "KeyboardInterrupt", "SystemExit", "GeneratorExit"})


class Attempt(NamedTuple):
    """A `try` in an endless loop, and the handler by which every failure goes round again.

    `ends`: the loop is over once `attempt` succeeds.
    """

    loop: ast.While
    attempt: ast.Try
    handler: ast.ExceptHandler
    ends: bool

    @property
    def between(self) -> Sequence[ast.stmt]:
        """What runs from a failure that the handler takes to the next attempt."""
        at = self.loop.body.index(self.attempt)
        after = self.loop.body[at + 1 :] if Way.END in _ways(self.handler.body) else ()
        return [*self.loop.body[:at], *self.handler.body, *self.attempt.finalbody, *after]


def attempt_of(loop: ast.While, frame: Frame, view: ModuleView) -> Attempt | None:
    """Return how a loop tries again; None where it has a way out after a failure, counts, or yields."""
    if not is_endless(loop):
        return None
    tries = [index for index, one in enumerate(loop.body) if isinstance(one, ast.Try) and one.handlers]
    if len(tries) != 1 or _counts_or_yields(loop.body):
        return None
    before, attempt, after = loop.body[: tries[0]], loop.body[tries[0]], loop.body[tries[0] + 1 :]
    assert isinstance(attempt, ast.Try)
    if any(isinstance(node, _LEAVING) for node in own_nodes([*before, *attempt.finalbody])):
        return None
    handler = next((one for one in attempt.handlers if _catches_all(one, frame, view)), None)
    if handler is None or any(_is_way_out(one) for one in attempt.handlers if one is not handler):
        return None
    ways, behind = _ways(handler.body), _ways(after)
    if not ways <= _ROUND or (Way.END in ways and not behind <= _ROUND):
        return None
    success = _ways([*attempt.body, *attempt.orelse])
    if Way.END in success:
        success = (success - {Way.END}) | behind
    return Attempt(loop, attempt, handler, ends=success.isdisjoint(_ROUND))


def _ways(block: Sequence[ast.stmt]) -> set[Way]:
    return {one.way for one in exits(block)} if block else {Way.END}


def _counts_or_yields(block: Sequence[ast.stmt]) -> bool:
    return any(isinstance(node, ast.AugAssign | ast.Yield | ast.YieldFrom) for node in own_nodes(block))


def _catches_all(handler: ast.ExceptHandler, frame: Frame, view: ModuleView) -> bool:
    if handler.type is None:
        return True
    return any(view.names.name_of(caught, frame) in ALL_ERRORS for caught in _classes(handler))


def _classes(handler: ast.ExceptHandler) -> Iterator[ast.expr]:
    if handler.type is not None:
        yield from handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]


def _is_way_out(handler: ast.ExceptHandler) -> bool:
    """Whether a handler of other failures leaves the loop: somebody thought of those that stay."""
    words = [ast.unparse(caught).rpartition(".")[2] for caught in _classes(handler)]
    ends = bool(words) and _ENDS.issuperset(words)
    return not ends and any(isinstance(node, _LEAVING) for node in own_nodes(handler.body))
