"""What runs although a cancellation came, as clauses for messages."""

import ast
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from async_lint.inference.face import Try, cited, has_yield
from async_lint.rules._cancellations.accounted_for import Place
from async_lint.rules._cancellations.asked_errors import Asked, asked_errors
from async_lint.rules._cancellations.awaiting_callers import Awaiting, awaiting, is_handed_out, is_started_soon
from async_lint.rules._cancellations.cancellation import Caught, own_nodes
from async_lint.rules._cancellations.endings import fails
from async_lint.rules._cancellations.flags import of_objects, set_by
from async_lint.rules._cancellations.going_on import Onward, onward, texts
from async_lint.rules._cancellations.tested_answers import constant_answer
from async_lint.rules._cancellations.unchanged_names import behind, unchanged_names
from async_lint.rules._cancellations.ways import Exit, Loop, Way, is_endless


class Effect(Enum):
    LOOP = "a loop goes round, or a deadline passes"
    WAIT = "the function waits for something else"
    CALLER = "a caller that is in sight goes on"
    ANSWERED = "a caller that is in sight gets an answer"
    ANSWER = "who awaits the function, unseen, gets an answer"
    FAILURE = "another exception is raised"


class Despite(NamedTuple):
    """`clause` is for messages."""

    clause: str
    effect: Effect


def goes_round(handler: ast.ExceptHandler | None, exits: Sequence[Exit], place: Place) -> Despite | None:
    """Return that a loop goes round again, or that a deadline of the function passes unnoticed."""
    for one in exits:
        found = _onward(handler, one, place)
        if found is not None and found.turns:
            return Despite(f"the loop on line {_line(found.node)} goes round again", Effect.LOOP)
        if found is not None and found.deadline:
            return Despite(f"the deadline on line {_line(found.node)} passes unnoticed", Effect.LOOP)
    return None


def waits_on(
    body: Sequence[ast.stmt], handler: ast.ExceptHandler | None, exits: Sequence[Exit], caught: Caught, place: Place
) -> Despite | None:
    """Return that the function goes on to wait for something else."""
    for one in exits:
        found = _onward(handler, one, place)
        if found is None or found.turns or found.deadline or _ends_a_loop(body, one, caught):
            continue
        if not _is_work_of_a_task(_awaiting(handler, exits, place), place):
            return Despite(f"`{place.function.name}` goes on to wait on line {_line(found.node)}", Effect.WAIT)
    return None


def _onward(handler: ast.ExceptHandler | None, one: Exit, place: Place) -> Onward | None:
    told = texts(handler.body) if handler else frozenset()
    if one.way is Way.RAISE:
        return None
    return onward(place.chain, one.way, told, place.frame, place.view, behind(unchanged_names(place.chain)))


def _line(node: ast.AST) -> int:
    line: int = getattr(node, "lineno", 0)
    return line


def _ends_a_loop(body: Sequence[ast.stmt], one: Exit, caught: Caught) -> bool:
    """Whether the work of the function was a loop, which is over now: what it waits for afterwards cleans up."""
    # A handler of everything does not mean the end of the loop: errors get there as well.
    if caught is not Caught.NAMED:
        return False
    return one.way is Way.BREAK or any(isinstance(statement, Loop) and is_endless(statement) for statement in body)


def deaf(handler: ast.ExceptHandler | None, exits: Sequence[Exit], caught: Caught, place: Place) -> Despite | None:
    """Return who takes the end of the function for that of its work."""
    function = place.function
    # Who iterates sees the end of the stream, and `__aexit__` answers whether to keep an exception back.
    if function.name == "__aexit__" or place.once(has_yield, function):
        return None
    found = _awaiting(handler, exits, place)
    failed = all(one.way is Way.RAISE for one in exits)
    instead = Despite(f"`{function.name}` fails instead", Effect.FAILURE)
    conditions = behind(unchanged_names(place.chain))
    if found.goes_on is not None and not failed:
        if fails(place.chain, exits, conditions):
            return instead
        caller = found.goes_on
        where = cited(caller.frame.module.path, caller.node.lineno)
        return Despite(f"what awaits `{function.name}` goes on ({where})", Effect.CALLER)
    if found.heard and not failed:
        return None
    # anyio and trio cancel a scope: until the exception has left that, each `await` raises it anew.
    if _is_work_of_a_task(found, place) and (caught is not Caught.LEVEL or _ends_in_its_group(handler, exits, place)):
        return None
    # The answer was chosen for a cancellation and nothing else: it says what has become of the work.
    if caught is Caught.NAMED and handler is not None and _is_alone(handler, place) and all(map(_speaks, exits)):
        return None
    if failed:
        return instead
    effect = Effect.ANSWERED if found.awaited else Effect.ANSWER
    if caught is Caught.LEVEL:
        clause = f"`{function.name}` ends as if nothing had happened"
    elif not found.tested and place.once(_gives, function):
        clause = f"what awaits `{function.name}` gets an answer and goes on"
    else:
        return None
    return instead if fails(place.chain, exits, conditions) else Despite(clause, effect)


def _awaiting(handler: ast.ExceptHandler | None, exits: Sequence[Exit], place: Place) -> Awaiting:
    """Return how the project calls the function, which ends after the handler and has set its flags by then."""
    blocks = [handler.body] if handler else []
    blocks += [outer.finalbody for outer in place.chain if isinstance(outer, Try)]
    told = frozenset(flag for block in blocks for flag in set_by(block))
    asked = asked_errors(handler, place.chain, place.frame) if handler else frozenset[Asked]()
    answer = constant_answer(place.chain, exits, behind(unchanged_names(place.chain)))
    return place.once(awaiting, place.frame, place.view, of_objects(told), asked, answer)


def _ends_in_its_group(handler: ast.ExceptHandler | None, exits: Sequence[Exit], place: Place) -> bool:
    """Whether a task group alone started the function, which waits for nothing else: its task ends as it was to."""
    if any(one.way is Way.RAISE or _onward(handler, one, place) is not None for one in exits):
        return False
    return place.once(is_started_soon, place.function, place.tree)


def _is_alone(handler: ast.ExceptHandler, place: Place) -> bool:
    """Whether the handler is for cancellations and nothing else."""
    return handler.type is not None and len(place.view.exceptions.classes_of(handler.type, place.frame)) == 1


def _speaks(one: Exit) -> bool:
    """Whether the function says on its own what has become of its work: an error, a special answer, a part of it."""
    if one.way is Way.RETURN:
        value = one.node.value if isinstance(one.node, ast.Return) else None
        return value is not None and not isinstance(value, ast.Constant)
    return one.way in (Way.RAISE, Way.BREAK)


def _gives(function: ast.AsyncFunctionDef) -> bool:
    """Whether the function answers those that await it."""
    returns = (node for node in own_nodes(function.body) if isinstance(node, ast.Return))
    return any(
        one.value is not None and not (isinstance(one.value, ast.Constant) and one.value.value is None)
        for one in returns
    )


def _is_work_of_a_task(found: Awaiting, place: Place) -> bool:
    """Whether the function is what a task runs, or a framework calls: who cancels that wants it to end, no more."""
    if found.awaited or found.started:
        return found.started
    # Decorators are looked up where the function stands, not in it.
    around = place.frame.parent or place.frame
    return place.once(is_handed_out, place.function, place.tree, around, place.view)
