"""What was read of the functions that one call may run: whether it is refused, and what may hold others up in it."""

import ast
from collections.abc import Callable
from typing import NamedTuple

from async_lint.inference.independence.callees import awaited_namesakes, definitions
from async_lint.inference.independence.conditions import true_by_default
from async_lint.inference.independence.given_arguments import arguments_for
from async_lint.inference.independence.plain_results import may_be_waited_for
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.independence.scanned import Waits
from async_lint.inference.independence.search import FEW
from async_lint.inference.independence.seen import Seen
from async_lint.inference.independence.verdict import NoGroundError
from async_lint.inference.independence.vetoes import Vetoes
from async_lint.inference.independence.words import asks, those, verb, words
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, last_name, parameters
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.notes import cited
from async_lint.inference.types.values import Frame, Unknown


class Followed(NamedTuple):
    """`place` is where the function stands; `turns`, what lets one at a time on for a part of the work, if anything.

    `puts`: it stores something, so it does more than to ask or to take away. `waits`: whether it waits.
    `fills` names a container that it looks at, and that it puts something into when it has waited. `posts` names what
    each call posts by, unless what comes back may go into what the function is given.
    """

    place: str
    turns: str
    puts: bool
    waits: Waits
    fills: str = ""
    posts: str = ""


class Following:
    """Follows the calls of an iteration, and refuses those that order it."""

    def __init__(self, ask: Callable[[], Evaluator], vetoes: Vetoes) -> None:
        self._ask = ask
        self._vetoes = vetoes

    def of(self, call: ast.Call, frame: Frame, iteration: Iteration, own: bool) -> Followed | None:
        """Return what was read, None where no function was found. Raises NoGroundError.

        `own`: the receiver belongs to the item.
        """
        called = definitions(self._ask(), call.func, frame)
        if not called:
            return None
        told = _told_otherwise(called[0], call, frame)
        seen = self.see(called, own, told)
        commands = _commands(call, iteration)
        # What an item sends by something that the items share waits for that alone.
        sends = seen.sends or (seen.relays if own else seen.delivers)
        if sends and commands:
            raise NoGroundError(sends)
        # What the item's own method looks at and sets is nobody else's.
        if seen.shares and not own:
            raise NoGroundError(seen.shares)
        _refuse_changes(called[0], call, frame, seen, iteration)
        if commands:
            _refuse_given(called[0], call, frame, seen.tells, "sends to", iteration)
        place = cited(called[0].module.path, called[0].node.lineno)
        turns = seen.turns or seen.shares or (seen.relays if commands else "")
        posts = "" if seen.changes else seen.posts
        return Followed(place, turns, seen.puts, self._waits(called, seen, own, told), seen.fills, posts)

    def _waits(self, called: tuple[Function, ...], seen: Seen, own: bool, told: frozenset[str] = frozenset()) -> Waits:
        """Return whether what a call may mean waits; of several, one that never does makes it seldom."""
        if any(may_be_waited_for(self._ask(), function) for function in called):
            return max(seen.waits, Waits.PERHAPS)
        each = [self._vetoes.of((one,), own, told=told).waits for one in called] if len(called) > 1 else [seen.waits]
        return seen.waits if min(each) is not Waits.NEVER else min(seen.waits, Waits.SELDOM)

    def see(self, called: tuple[Function, ...], own: bool, told: frozenset[str] = frozenset()) -> Seen:
        """Return what is in functions and in what they call; `told` as in `Vetoes.of`. Raises NoGroundError."""
        seen = self._vetoes.of(called, own, told=told)
        if seen.veto:
            raise NoGroundError(seen.veto)
        if not seen.waits and not any(may_be_waited_for(self._ask(), function) for function in called):
            raise NoGroundError(f"`{called[0].qualname}` never waits for anything that it starts")
        return seen

    def passed_on(self, call: ast.Call, frame: Frame) -> ast.Call | None:
        """Return the call whose result is awaited by the function that gets it: `f(x)` in `maybe_await(f(x))`."""
        if len(call.args) != 1 or call.keywords or not isinstance(call.args[0], ast.Call):
            return None
        called = definitions(self._ask(), call.func, frame)
        return call.args[0] if called and all(map(_awaits_what_it_is_given, called)) else None

    def perhaps(self, call: ast.Call, frame: Frame, iteration: Iteration, own: bool) -> Followed | None:
        """Return what was read of the few methods of the project that an unknown receiver may have.

        None where there are none, or too many to say which and one of them is sure to wait. Raises NoGroundError if
        none of them waits.
        """
        callee = call.func
        if not isinstance(callee, ast.Attribute):
            return None
        if not isinstance(self._ask().evaluate(callee.value, frame), Unknown):
            return None
        known = awaited_namesakes(self._ask(), callee.attr)
        if not known:
            return None
        seen = self._vetoes.of(known, own)
        if not seen.waits and not any(may_be_waited_for(self._ask(), function) for function in known):
            raise NoGroundError(f"no method `{callee.attr}` of the project waits for anything that it starts")
        if len(known) > FEW:
            # An `item_cache` is what a class `AsyncItemCache` is for.
            known = _named_after(callee.value, known) or known
            seen = self._vetoes.of(known, own)
            # Which of them it is, nobody knows; but none is sure to wait: they look at what is there first.
            each = [self._vetoes.of((one,), own).waits for one in known]
            return None if seen.veto or Waits.SURELY in each else Followed("", "", puts=False, waits=Waits.PERHAPS)
        for one in known:
            _refuse_changes(one, call, frame, seen, iteration)
        return Followed("", seen.veto or seen.turns or seen.shares, seen.puts, self._waits(known, seen, own))


def _commands(call: ast.Call, iteration: Iteration) -> bool:
    """Whether the order of what it sends may count.

    Who asks sends a question, and who removes an order to do so: there it is the other side's business. An answer that
    nobody looks at was no question, whatever the name says.
    """
    name = last_name(call.func)
    return verb(name) not in those("removing") and (iteration.drops(call) or not asks(name))


def _told_otherwise(function: Function, call: ast.Call, frame: Frame) -> frozenset[str]:
    """Return the parameters that are true by default, and that a call gives something else."""
    by_default = true_by_default(function.node.args)
    given = ((name, arguments_for(function, call, frame, frozenset({name}))) for name in by_default)
    return frozenset(name for name, values in given if not all(map(_is_true, values)))


def _is_true(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is True


def _refuse_changes(function: Function, call: ast.Call, frame: Frame, seen: Seen, iteration: Iteration) -> None:
    _refuse_given(function, call, frame, seen.changes, "changes", iteration)


def _refuse_given(
    function: Function, call: ast.Call, frame: Frame, names: frozenset[str], does: str, iteration: Iteration
) -> None:
    """Refuse a call that gives one object in each iteration to a parameter of which the function does something."""
    for argument in arguments_for(function, call, frame, names):
        if is_common(argument, iteration):
            raise NoGroundError(f"`{function.qualname}` {does} `{ast.unparse(argument)}`, which each is given")


def _named_after(receiver: ast.expr, methods: tuple[Function, ...]) -> tuple[Function, ...]:
    """Return the methods of classes whose names have all words of the receiver's."""
    named = set(words(last_name(receiver)))
    return tuple(one for one in methods if named and one.owner is not None and named <= set(words(one.owner.name)))


def _awaits_what_it_is_given(function: Function) -> bool:
    given = {parameter.arg for parameter in parameters(function.node.args)}
    awaited = (node.value for node in descendants(function.whole()) if isinstance(node, ast.Await))
    return any(isinstance(value, ast.Name) and value.id in given for value in awaited)


def is_common(argument: ast.expr, iteration: Iteration) -> bool:
    """Whether each iteration is given the same object."""
    return isinstance(argument, ast.Name | ast.Attribute) and not iteration.of(argument).own


def turns_of(followed: Followed | None) -> str:
    return followed.turns if followed is not None else ""
