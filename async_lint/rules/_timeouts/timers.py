"""Timers that end a wait from outside: `loop.call_later(5, transport.close)`."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Frame, ModuleView, descendants
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.limits import TELLING, dotted
from async_lint.rules._timeouts.other_methods import other_methods
from async_lint.rules._timeouts.own_code import before, mentions

# The callback is what they are given second.
_TIMERS = frozenset({"Timer", "call_at", "call_later"})
_ENDING = frozenset({"abort", "cancel", "close", "kill", "set_exception", "terminate"})


def has_timer(chain: Sequence[ast.AST], frame: Frame, view: ModuleView) -> bool:
    """Whether the function has set a timer that closes, aborts or cancels something before the last of a chain."""
    return mentions(chain[0], _TIMERS, frame) and any(
        _is_timer(node, frame, view) for node in before(chain[0], chain[-1])
    )


def is_watched(frame: Frame, view: ModuleView) -> bool:
    """Whether another method of the class around a frame sets such a timer: it may run whenever this one waits."""
    return any(_is_timer(node, frame, view) for other in other_methods(frame) for node in descendants(other.whole()))


def _is_timer(node: ast.AST, frame: Frame, view: ModuleView) -> bool:
    return (
        isinstance(node, ast.Call)
        and last_word(node) in _TIMERS
        and len(node.args) > 1
        and _ends(node.args[1], frame, view)
    )


def _ends(callback: ast.expr, frame: Frame, view: ModuleView) -> bool:
    # `partial(transport.close)`
    if isinstance(callback, ast.Call) and callback.args:
        return _ends(callback.args[0], frame, view)
    if isinstance(callback, ast.Attribute) and callback.attr in _ENDING:
        return True
    if isinstance(callback, ast.Lambda):
        return any(_calls_end(node) for node in descendants(callback))
    inside = view.project.inside(callback, frame)
    if inside is None:
        return TELLING.search(dotted(callback)) is not None
    return any(_calls_end(node) for node, _ in inside)


def _calls_end(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ENDING
