"""Where a cancellation ends: in which handler, `suppress` or `finally`, and what runs although it came."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from async_lint.rules._cancellations.accounted_for import Place, is_accounted_for
from async_lint.rules._cancellations.awaiting_callers import runs_uncancelled
from async_lint.rules._cancellations.cancellation import (
    Caught,
    catches,
    is_suppress,
    own_nodes,
    stops_the_program,
    suppressed,
    waits,
)
from async_lint.rules._cancellations.cancelled_anew import leaves_a_channel, ways_without_wait
from async_lint.rules._cancellations.cancelled_child import is_cancelled_child
from async_lint.rules._cancellations.despite import Despite, Effect, deaf, goes_round, waits_on
from async_lint.rules._cancellations.foreign_cancellation import (
    awaits_own_future,
    closes,
    may_be_foreign,
    own_futures,
    shields,
)
from async_lint.rules._cancellations.handed_on import Handing, handing, handled_cancellation
from async_lint.rules._cancellations.never_cancelled import comes_in_a_group, may_be_cancelled
from async_lint.rules._cancellations.on_its_way import is_called_on_its_way, is_raised_behind_exit
from async_lint.rules._cancellations.unchanged_names import in_finally
from async_lint.rules._cancellations.ways import Exit, Way, exits, leaving_statements


class Swallowed(NamedTuple):
    """`exits` are the ways on; `despite` says what runs although the task was cancelled."""

    node: ast.ExceptHandler | ast.Call | ast.stmt
    caught: Caught
    exits: Sequence[Exit]
    despite: Despite


class _End(NamedTuple):
    """What is awaited where the cancellation comes, and by what it ends."""

    body: Sequence[ast.stmt]
    handler: ast.ExceptHandler | None
    exits: Sequence[Exit]
    caught: Caught


def swallowed_by(statement: ast.Try, place: Place) -> Iterator[Swallowed]:
    """Yield the first handler of a `try` that catches a cancellation, if that ends there."""
    if not may_be_cancelled(statement.body, place) or is_accounted_for(place):
        return
    for handler in statement.handlers:
        caught = catches(handler.type, place.frame, place.view)
        if caught is None or (caught is Caught.LEVEL and comes_in_a_group(statement.body, place)):
            continue
        handled = handled_cancellation(handler, place.frame, place.view)
        # What asyncio itself cancels is cancelled once.
        if caught is Caught.NAMED:
            ways = exits(handler.body, handled)
        else:
            ways = ways_without_wait(handler.body, handled, place.frame, place.view)
        if any(isinstance(node, ast.Raise) and node.exc is None for node in own_nodes(handler.body)):
            # What it raises on other ways is about what went wrong in the handler.
            ways = [one for one in ways if one.way is not Way.RAISE]
        ways = [one for one in ways if not _is_answer(one.node, place)]
        if ways and not _is_told_apart(handler, caught):
            end = _End(statement.body, handler, ways, caught)
            despite = _despite(end, place._replace(chain=[*place.chain, handler]))
            if despite:
                yield Swallowed(handler, caught, ways, despite)
        # Python takes the first handler that fits: those below never see a cancellation.
        return


def swallowed_in(statement: ast.With | ast.AsyncWith, place: Place) -> Iterator[Swallowed]:
    """Yield the `suppress` of a `with` that keeps back a cancellation."""
    if next(waits(statement.body), None) is None or is_accounted_for(place):
        return
    for item in statement.items:
        manager = item.context_expr
        if isinstance(manager, ast.Call) and is_suppress(manager, place.frame, place.view):
            caught = suppressed(manager, place.frame, place.view)
            ways = [Exit(Way.END, statement)]
            despite = _despite(_End(statement.body, None, ways, caught), place) if caught is not None else None
            if caught is not None and despite:
                yield Swallowed(manager, caught, ways, despite)


def leaving_finally(statement: ast.Try, place: Place) -> Iterator[Swallowed]:
    """Yield the first statement that leaves a `finally` and so ends whatever was raised, where something is awaited."""
    # What a condition of the `finally` comes out as costs a look at the whole function.
    leaves = next(leaving_statements(statement.finalbody), None) is not None
    if leaves and next(waits([*statement.body, *statement.handlers, *statement.orelse]), None) is not None:
        # One that waits may be cancelled when it has set something.
        others = [
            handler
            for handler in statement.handlers
            if catches(handler.type, place.frame, place.view) is None and next(waits(handler.body), None) is None
        ]
        leaving = next(leaving_statements(statement.finalbody, in_finally(place.chain, others)), None)
        # A `return` ends the function: that may be just what was wanted of it.
        despite = (
            _despite(_End(statement.body, None, [Exit(Way.RETURN, leaving)], Caught.WITH_ALL), place)
            if isinstance(leaving, ast.Return)
            else Despite("the function goes on", Effect.WAIT)
        )
        if leaving is not None and despite:
            yield Swallowed(leaving, Caught.WITH_ALL, (), despite)


def _is_answer(statement: ast.stmt, place: Place) -> bool:
    """Whether an exception is raised that a framework turns into an answer."""
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return False
    return any(place.is_answer(new.lineage) for new in place.view.exceptions.raised(statement.exc, place.frame))


def _is_told_apart(handler: ast.ExceptHandler, caught: Caught) -> bool:
    """Whether the handler asks which cancellation it has caught: it raises some again, or asks a task for its state."""
    nodes = list(own_nodes(handler.body))
    if any(isinstance(node, ast.Attribute) and node.attr == "cancelled" for node in nodes):
        return True
    # In a handler of everything a `raise` may be for errors alone: the ways out tell whether it is.
    if caught is not Caught.NAMED:
        return False
    if any(isinstance(node, ast.Raise) and node.exc is None for node in nodes):
        return True
    # `if self.stopping: return`, and the loop goes on for another one.
    return any(
        isinstance(node, ast.If) and any(isinstance(inner, ast.Return | ast.Break) for inner in own_nodes(node.body))
        for node in nodes
    )


def _despite(end: _End, place: Place) -> Despite | None:
    """Return what runs although the cancellation came; None where nothing is shown to."""
    handler, named = end.handler, end.caught is Caught.NAMED
    handed = handing(handler, place.chain, place.frame, place.view) if handler else Handing.NO
    if (
        handed is Handing.RAISED
        or closes(end.body)
        or is_raised_behind_exit(place.chain, end.exits)
        or (not named and leaves_a_channel(end.exits, place.chain, place.frame, place.view))
        or (named and shields(end.body, place.chain, place.frame, place.view))
    ):
        return None
    # A loop that goes round never ends, whoever was told of the cancellation.
    despite = goes_round(handler, end.exits, place)
    others = handed is Handing.NO and place.is_wanted(handler, end.caught, place)
    if not despite and others and not _is_for_the_program(handler, place):
        # What others gave may end by a cancellation of its own, which asks nothing of this function.
        if not named or not may_be_foreign(end.body, place.frame, place.view):
            despite = waits_on(end.body, handler, end.exits, end.caught, place)
            despite = despite or deaf(handler, end.exits, end.caught, place)
    # These ask for callers and calls in the whole project, so they come last.
    if (
        not despite
        or awaits_own_future(end.body, place.once(own_futures, place.function))
        or place.once(runs_uncancelled, place.frame, place.view)
        or place.once(is_called_on_its_way, place.frame, place.view)
    ):
        return None
    return None if is_cancelled_child(end.body, place) else despite


def _is_for_the_program(handler: ast.ExceptHandler | None, place: Place) -> bool:
    return handler is not None and stops_the_program(handler.type, place.frame, place.view)
