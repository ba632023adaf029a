"""Calls that start work at once, and code that drops what its callback returns: the table and its look-ups."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import libcst as cst

from async_lint.context import Context
from async_lint.knowledge.tables import table
from async_lint.rules._callbacks.consumers import by_last_name, given_in

Canonical = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Scheduler:
    """What gives back a task or future; `knowledge/scheduling.toml` says what the fields mean."""

    names: tuple[str, ...]
    object: str
    lost: str
    errors: str
    unlogged: bool | str = False
    collected: bool = False
    passes: bool = False
    existing: bool = False
    several: bool = False
    shares: bool = False
    executor: bool = False
    fails: bool = True  # not of the table: whether an error may leave the very work that is given


@cache
def schedulers() -> Mapping[str, tuple[Scheduler, ...]]:
    """Return the schedulers under what follows the last dot of their names."""
    by_last: dict[str, tuple[Scheduler, ...]] = {}
    for entry in table("scheduling")["scheduler"]:
        scheduler = Scheduler(**{**entry, "names": tuple(entry["names"])})
        for last in dict.fromkeys(name.rpartition(".")[2] for name in scheduler.names):
            by_last[last] = (*by_last.get(last, ()), scheduler)
    return by_last


@cache
def forgetful() -> frozenset[str]:
    """Return the last words of the names of code that drops what its callback returns."""
    return frozenset(name.rpartition(".")[2] for name in table("scheduling")["forgetful"]["names"])


def scheduler(name: str | None, canonical: Canonical) -> Scheduler | None:
    """Return the scheduler of that qualified name."""
    if name is not None:
        for candidate in schedulers().get(name.rpartition(".")[2], ()):
            if name in candidate.names or name in map(canonical, candidate.names):
                return candidate
    return None


def last_name(callee: cst.BaseExpression) -> str:
    if isinstance(callee, cst.Attribute):
        return callee.attr.value
    return callee.value if isinstance(callee, cst.Name) else ""


def forgotten_callback(call: cst.Call, context: Context) -> cst.BaseExpression | None:
    """Return the callback that a call hands to code that drops what it returns."""
    last = last_name(call.func)
    if last not in forgetful():
        return None
    name = context.name_of(call.func)
    if name is None:
        return None
    names = table("scheduling")["forgetful"]["names"]
    if name not in names and name not in map(context.canonical, names):
        return None
    given = given_in(call)
    for consumer in by_last_name("consumer", "ASL302").get(last, ()):
        if consumer.is_named(name, context.canonical):
            return consumer.argument(given)
    return None


def consequence(by: Scheduler, call: cst.Call) -> str:
    """Return what becomes of the work that a call starts when its result is dropped, as a clause."""
    if not by.fails:
        return by.lost
    unlogged = by.unlogged is True or any(
        argument.keyword and argument.keyword.value == by.unlogged for argument in call.args
    )
    return f"{by.lost}, and {by.errors} {'not even' if unlogged else 'only'} logged"
