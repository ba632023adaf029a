"""Calls that use an argument as a value: the table, and what a call does with one of its arguments."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import libcst as cst

from async_lint.context import Context
from async_lint.knowledge.tables import table


@dataclass(frozen=True, slots=True)
class Taker:
    """Callables that use what they are given as a value; `knowledge/values.toml` says what the fields mean."""

    names: tuple[str, ...]
    one: str
    items: str | None = None
    positions: tuple[int, ...] | None = None
    keywords: tuple[str, ...] = ()
    most: int | None = None
    least: int = 0
    eager: bool = False
    passes: bool = False
    picks: bool = False
    pairs: bool = False

    @property
    def raises(self) -> bool:
        """Whether the interpreter refuses a coroutine there."""
        return "raises" in self.one

    def fits(self, call: cst.Call) -> bool:
        """Whether a call has as many arguments by position as the callable takes, so far as that can be counted."""
        given = [argument for argument in call.args if argument.keyword is None and argument.star != "**"]
        stars = sum(argument.star == "*" for argument in given)
        fewest = len(given) - stars
        return (self.most is None or fewest <= self.most) and (stars > 0 or fewest >= self.least)

    def takes(self, call: cst.Call, argument: cst.Arg) -> bool:
        """Whether an argument of a call is one of those that are used as values."""
        if argument.keyword is not None:
            return argument.keyword.value in self.keywords
        return self.positions is None or call.args.index(argument) in self.positions


@cache
def takers() -> Mapping[str, tuple[Taker, ...]]:
    """Return the table's entries under what follows the last dot of their names."""
    by_last: dict[str, tuple[Taker, ...]] = {}
    for entry in table("values")["taker"]:
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        taker = Taker(**fields)
        for last in dict.fromkeys(name.rpartition(".")[2] for name in taker.names):
            by_last[last] = (*by_last.get(last, ()), taker)
    return by_last


def taker(call: cst.Call, argument: cst.Arg, context: Context) -> Taker | None:
    """Return the entry of the called function, when it uses that argument as a value."""
    for entry in takers().get(_last_word(call), ()):
        if entry.fits(call) and context.is_called(call, *entry.names):
            return entry if entry.takes(call, argument) else None
    return None


def is_call_of(call: cst.Call, names: Sequence[str], context: Context) -> bool:
    """Whether a call's callee has one of the public names."""
    last = _last_word(call)
    return context.is_called(call, *(name for name in names if name.rpartition(".")[2] == last))


def _last_word(call: cst.Call) -> str:
    function = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    return function.value if isinstance(function, cst.Name) else ""


def could_take(call: ast.Call) -> bool:
    """Whether a call's last word is that of an entry."""
    function = call.func
    return (function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")) in takers()
