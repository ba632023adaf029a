"""Whether a call itself keeps its thread: by the name of what is called, and by what it is given."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from async_lint.inference.blocking.brief import is_brief
from async_lint.inference.blocking.editors import is_editor
from async_lint.inference.blocking.ended import is_asked_for, may_be_done, may_have_come, may_not_block
from async_lint.inference.blocking.loopback import is_to_itself
from async_lint.inference.blocking.pools import waits_for_work
from async_lint.inference.blocking.table import Blocker, Blockers, Parameters
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.arguments import argument
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.describe import describe
from async_lint.inference.types.values import ClassType, Frame, FunctionType, Instance, OverloadedType, Type, Union

_SHORT = 0.01  # seconds that nobody notices
_SLOW = 0.1  # asyncio's `slow_callback_duration`: debug mode warns of steps that take longer
_IN_MEMORY = ":memory:"
_GIVING_WAY = (ast.Await, ast.AsyncFor, ast.AsyncWith)
_CONNECTING = frozenset(["network", "socket"])


class Blocked(NamedTuple):
    """A call that keeps its thread. `name` is public; `seconds` how long and `limit` how long at the most.

    Both are None where that is not written out. `repeated`: a loop around may make the call anew.
    """

    name: str
    blocker: Blocker
    seconds: float | None = None
    limit: float | None = None
    repeated: bool = False


def blocked(evaluator: Evaluator, rows: Blockers, call: ast.Call, frame: Frame, callee: Type) -> Blocked | None:
    """Return what a call waits for; None for one that does not, or where that is not known.

    Of several things that may be called, each has to wait.
    """
    if isinstance(callee, Union):
        each = [blocked(evaluator, rows, call, frame, item) for item in callee.items]
        return each[0] if all(each) else None
    hit = _row(evaluator, rows, call, callee)
    if hit is None:
        return None
    public, blocker = hit
    seconds = _number(call, blocker.seconds)
    limit = _number(call, {name: place for name, place in blocker.instant.items() if name == "timeout"})
    if any(time is not None and time <= _SHORT for time in (seconds, limit)) or _is_instant(call, blocker):
        return None
    if seconds is not None and seconds < _SLOW and not _adds_up(call, frame):
        return None
    if blocker.ends and is_asked_for(call, frame):
        return None
    if blocker.local and any(scheme in _text_around(frame) for scheme in blocker.local):
        return None
    if blocker.memory and _IN_MEMORY in frame.module.text:
        return None
    if blocker.command and is_brief(call, frame, blocker.command, rows.brief):
        return None
    if blocker.command and is_editor(call, frame, blocker.command, rows.editors):
        blocker = replace(blocker, kind="input", waits="waits until somebody has closed an editor")
    if blocker.kind == "future" and may_be_done(evaluator, call, frame):
        return None
    if blocker.kind in _CONNECTING and is_to_itself(call):
        return None
    if blocker.kind == "socket" and may_not_block(evaluator, call, frame):
        return None
    if blocker.kind == "port" and may_have_come(evaluator, call, frame):
        return None
    if blocker.kind == "pool" and not waits_for_work(evaluator, call, frame):
        return None
    return Blocked(public, blocker, seconds, limit, limit is not None and _is_repeated(call, frame))


def _row(evaluator: Evaluator, rows: Blockers, call: ast.Call, callee: Type) -> tuple[str, Blocker] | None:
    def canonical(public: str) -> str:
        return evaluator.defined_name(public) or public

    held = callee.items[0] if isinstance(callee, OverloadedType) else callee
    if isinstance(held, FunctionType) and isinstance(held.bound, Instance | ClassType):
        classes = (base.cls.full_name for base in evaluator.order(held.bound.cls).bases)
        hits = (rows.method(cls, held.function.name, canonical) for cls in classes)
        return next(filter(None, hits), None)
    name = describe(callee).name
    return rows.function(name, last_name(call.func), canonical) if name is not None else None


def _is_repeated(call: ast.Call, frame: Frame) -> bool:
    return any(_loops_around(call, frame))


def _adds_up(call: ast.Call, frame: Frame) -> bool:
    """Whether a loop makes the call again and again, and does not let the event loop run meanwhile."""
    return any(
        not any(isinstance(node, _GIVING_WAY) for node in descendants(loop)) for loop in _loops_around(call, frame)
    )


def _loops_around(call: ast.Call, frame: Frame) -> Iterator[ast.AST]:
    scope = frame.enclosing_function()
    statements = body_of(scope.function).statements if scope is not None and scope.function is not None else []
    for node in (node for statement in statements for node in descendants(statement)):
        if isinstance(node, ast.For | ast.AsyncFor | ast.While) and node.lineno <= call.lineno <= (
            node.end_lineno or 0
        ):
            yield node


def _text_around(frame: Frame) -> str:
    """Return the lines of the function around."""
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    return frame.module.lines(function.node.lineno, function.last_line) if function is not None else ""


def _number(call: ast.Call, parameters: Parameters) -> float | None:
    for name, position in parameters.items():
        value = argument(call, name, position)
        if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
            return float(value.value)
    return None


def _is_instant(call: ast.Call, blocker: Blocker) -> bool:
    """Whether an argument says that the call is not to wait, or may say so behind a star."""
    for name, position in blocker.instant.items():
        value = argument(call, name, position)
        if isinstance(value, ast.Constant) and not value.value and value.value is not None:
            return True
    if any(argument(call, name, position) is not None for name, position in blocker.unless.items()):
        return True
    return bool(blocker.instant) and any(keyword.arg is None for keyword in call.keywords)
