"""Code that calls what it is given and does not await what that returns: the table, and which call is meant."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Answer, CallableUse, Function, Kind
from async_lint.knowledge.tables import table
from async_lint.rule import Trigger
from async_lint.rules._callbacks.asked import asks_about

OBJECTS = frozenset({Kind.COROUTINE, Kind.AWAITABLE, Kind.ASYNC_GENERATOR})

_T = TypeVar("_T")
_DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict)
_NO_CALLABLE = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.Compare, ast.UnaryOp, *_DISPLAYS)


@dataclass(frozen=True, slots=True)
class Given(Generic[_T]):
    """The arguments of a call: the positional ones up to the first star, the named ones by name."""

    positional: Sequence[_T]
    named: Mapping[str, _T]


@dataclass(frozen=True, slots=True)
class Consumer:
    """One parameter, or one attribute, that takes a callable; `knowledge/consumers.toml` says what the fields mean."""

    rule: str
    names: tuple[str, ...]
    happens: str
    position: int | None = None
    keyword: str | None = None
    least: int = 0
    receivers: tuple[str, ...] = ()
    gives: str | None = None
    elsewhere: bool = False
    unmarked: str | None = None
    remedy: str | None = None

    def argument(self, given: Given[_T]) -> _T | None:
        """Return what a call gives for the parameter."""
        if len(given.positional) < self.least:
            return None
        if self.keyword is not None and self.keyword in given.named:
            return given.named[self.keyword]
        if self.position is not None and self.position < len(given.positional):
            return given.positional[self.position]
        return None

    def is_named(self, name: str, canonical: Callable[[str], str]) -> bool:
        return name in self.names or any(name == canonical(public) for public in self.names)

    def is_received(self, receiver: str | None, canonical: Callable[[str], str]) -> bool:
        return any(receiver in (public, canonical(public)) for public in self.receivers)


class Through(NamedTuple):
    """A function of the project that does nothing with what it is given but give it to `hand`."""

    wrapper: Function
    hand: CallableUse


class Handed(NamedTuple):
    """A callable whose result nobody awaits, in the hands of `consumer`, be it `through` a function between."""

    consumer: Consumer
    argument: cst.BaseExpression
    answer: Answer
    through: Through | None = None


@cache
def entries(family: str) -> tuple[Consumer, ...]:
    """Return the table's `consumer`, `hook` or `waiter` entries in their order."""
    return tuple(Consumer(**{**entry, **_tuples(entry)}) for entry in table("consumers")[family])


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}


@cache
def by_last_name(family: str, rule: str) -> Mapping[str, tuple[Consumer, ...]]:
    """Return a rule's entries under what follows the last dot of their names."""
    by_last: dict[str, tuple[Consumer, ...]] = {}
    for entry in entries(family):
        if entry.rule == rule:
            for last in {name.rpartition(".")[2] for name in entry.names}:
                by_last[last] = (*by_last.get(last, ()), entry)
    return by_last


@cache
def mentions() -> re.Pattern[str]:
    """Return what the text of a function has that hands something to a consumer."""
    words = {name.rpartition(".")[2] for entry in entries("consumer") for name in entry.names}
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, words)))})\b")


def hands_over(rule: str) -> Trigger:
    """Return the trigger for calls that hand one of the rule's consumers a callable that returns a coroutine."""

    # Filled by the first call that is looked at: to import a rule shall not read the table.
    known: dict[str, tuple[Consumer, ...]] = {}

    def could_report(call: ast.Call, facts: Facts) -> bool:
        if not known:
            known.update(by_last_name("consumer", rule))
        candidates = known.get(facts.last_word(call.func))
        if candidates is None:
            return False
        given = given_in_ast(call)
        arguments = [(entry, entry.argument(given)) for entry in candidates]
        # A literal needs no question to inference.
        if all(argument is None or isinstance(argument, _NO_CALLABLE) for _, argument in arguments):
            return False
        name = facts.name_of(call.func)
        return name is not None and any(
            argument is not None and entry.is_named(name, facts.canonical) and facts.returns(argument).kind in OBJECTS
            for entry, argument in arguments
        )

    return could_report


def handed(call: cst.Call, rule: str, context: Context) -> Handed | None:
    """Return what a call hands to one of the rule's consumers, when that is a callable that returns a coroutine."""
    given = given_in(call)
    for consumer in named("consumer", rule, call.func, context):
        argument = consumer.argument(given)
        if argument is None or (
            consumer.receivers and not consumer.is_received(context.receiver_of(call), context.canonical)
        ):
            continue
        answer = context.returns(argument)
        if answer.kind in OBJECTS and not asks_about(argument, context) and not is_given(argument, context):
            return Handed(consumer, argument, answer)
    return None


def is_given(argument: cst.BaseExpression, context: Context) -> bool:
    """Whether it is the callers' business, who may know what they do: `_forwarded` looks at them."""
    counterpart = context.counterpart(argument)
    return counterpart is None or context.view.names.is_given(counterpart.node, counterpart.frame)


def named(family: str, rule: str, function: cst.BaseExpression, context: Context) -> Iterator[Consumer]:
    """Yield the rule's entries that are meant by an expression, be it called or not."""
    candidates = by_last_name(family, rule).get(context.last_word(function), ())
    name = context.name_of(function) if candidates else None
    return (entry for entry in candidates if name is not None and entry.is_named(name, context.canonical))


def could_be_named(family: str, rule: str, function: ast.expr, facts: Facts) -> bool:
    """Whether an expression means one of the rule's entries."""
    candidates = by_last_name(family, rule).get(facts.last_word(function), ())
    name = facts.name_of(function) if candidates else None
    return name is not None and any(entry.is_named(name, facts.canonical) for entry in candidates)


def given_in(call: cst.Call) -> Given[cst.BaseExpression]:
    positional: list[cst.BaseExpression] = []
    for argument in call.args:
        if argument.star or argument.keyword is not None:
            break
        positional.append(argument.value)
    return Given(positional, {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None})


def given_in_ast(call: ast.Call) -> Given[ast.expr]:
    positional = call.args
    for index, argument in enumerate(call.args):
        if isinstance(argument, ast.Starred):
            positional = call.args[:index]
            break
    return Given(positional, {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None})
