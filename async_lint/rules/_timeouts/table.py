"""What `knowledge/timeouts.toml` says: calls without a deadline of their own, and what gives them one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar

from async_lint.knowledge.tables import table
from async_lint.rules._timeouts.given import Parameters

_Entry = TypeVar("_Entry")
# For who checks a row against the published package.
_EVIDENCE = ("version", "source")
FOR_EVER = "for ever"


@dataclass(frozen=True)
class Client:
    """Who makes what some calls are methods of, and how that sets a deadline: an entry of `[clients]`."""

    makers: tuple[str, ...]
    options: Parameters
    passing: tuple[str, ...] = ()
    wanted: str = ""
    urls: Parameters = field(default_factory=dict)
    over: Parameters = field(default_factory=dict)
    endless: tuple[str, ...] = ()
    limited: tuple[str, ...] = ()
    lifted: Parameters = field(default_factory=dict)
    probe: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wait:
    """A call that waits without a limit: an entry of `[[calls]]`."""

    waits: str
    stuck: str
    until: str = FOR_EVER
    timeouts: Parameters = field(default_factory=dict)
    unless: Parameters = field(default_factory=dict)
    hosts: Parameters = field(default_factory=dict)
    at_home: bool = False
    exits: bool = False
    idle: bool = False
    entered: bool = False
    awaited: bool = True
    works: bool = False
    watching: bool = False
    ends_after: tuple[str, ...] = ()
    first_of: tuple[str, ...] = ()
    client: str = ""


@dataclass(frozen=True)
class Disabled:
    """A call that switches a deadline off where its `argument` is None: an entry of `[[disabled]]`."""

    argument: tuple[str, int]
    stuck: str = "a peer that stops answering"
    unless: Parameters = field(default_factory=dict)
    others: Parameters = field(default_factory=dict)
    of: str = ""
    absent: bool = False
    zero: bool = False
    movable: bool = False
    work: Parameters = field(default_factory=dict)
    lent: bool = False
    receivers: tuple[str, ...] = ()
    instead: str = ""
    probe: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signal:
    """What one part of a program waits for until another acts: an entry of `[[waits]]`."""

    answers: tuple[str, ...]
    method: str = ""
    anew: str = ""


@dataclass(frozen=True)
class Transports:
    """What takes the place of the network for the requests of `clients`: the table `[transports]`."""

    clients: tuple[str, ...]
    parameters: Parameters
    networks: tuple[str, ...]


class Names(Generic[_Entry]):
    """Entries by public qualified name, found by that name or by the one under which it is defined."""

    def __init__(self, entries: Iterable[tuple[str, _Entry]]) -> None:
        self._by_word: dict[str, list[tuple[str, _Entry]]] = {}
        for name, entry in entries:
            self._by_word.setdefault(name.rpartition(".")[2], []).append((name, entry))

    def __contains__(self, word: str) -> bool:
        """Whether the last word of some name is `word`."""
        return word in self._by_word

    def called(self, word: str) -> Iterator[_Entry]:
        """Yield the entries of the names whose last word is `word`."""
        return (entry for _, entry in self._by_word.get(word, ()))

    def find(self, name: str | None, canonical: Callable[[str], str]) -> tuple[str, _Entry] | None:
        """Return the public name of a callee, and its entry; `canonical` gives the name of a definition."""
        if name is None:
            return None
        # What is written in C is defined beside its package: `_asyncio.Future`.
        package = name.partition(".")[0].removeprefix("_")
        for public, entry in self._by_word.get(name.rpartition(".")[2], ()):
            # To ask where an entry is defined costs a module: that of another package is never asked for.
            if name == public or (public.partition(".")[0] == package and canonical(public) == name):
                return public, entry
        return None


@cache
def waits() -> Names[Wait]:
    return Names((name, Wait(**rest)) for names, rest in _entries("calls") for name in names)


@cache
def disabled() -> Names[Disabled]:
    return Names((name, Disabled(**rest)) for names, rest in _entries("disabled") for name in names)


@cache
def signals() -> Names[Signal]:
    """What makes a signal, or makes it wait anew."""
    entries = [(name, Signal(**rest)) for names, rest in _entries("waits") for name in names]
    return Names([*entries, *((f"{name}.{signal.anew}", signal) for name, signal in entries if signal.anew)])


@cache
def receivers(names: tuple[str, ...]) -> Names[None]:
    return Names((name, None) for name in names)


@cache
def client(name: str) -> Client:
    return Client(**_fields(_clients()[name]))


@cache
def makers() -> Names[str]:
    """The names of who makes a client, each with the client's own."""
    return Names((name, key) for key in _clients() for name in client(key).makers)


@cache
def producers() -> Names[None]:
    """The names that tell where a client comes from: who makes one, and what hands it on."""
    names = (name for entry in map(client, _clients()) for name in (*entry.makers, *entry.passing))
    return Names((name, None) for name in dict.fromkeys(names))


@cache
def words_of(of: str) -> tuple[str, ...]:
    """Return the last words of the calls of a client."""
    names = (name for names, rest in _entries("calls") if rest.get("client") == of for name in names)
    return tuple(dict.fromkeys(name.rpartition(".")[2] for name in names))


@cache
def deadlines(kind: str) -> Names[Parameters]:
    """The `contexts` or the `wrappers` of the table, each with the parameters that set the deadline."""
    return Names((name, entry["timeouts"]) for entry in table("timeouts")["deadlines"][kind] for name in entry["names"])


@cache
def transports() -> Transports:
    return Transports(**_fields(table("timeouts")["transports"]))


def made(name: str) -> str | None:
    """Return the class of what a library's function gives, by public names."""
    class_name: str | None = table("timeouts")["made"].get(name)
    return class_name


def _entries(kind: str) -> Iterator[tuple[list[str], dict[str, Any]]]:
    for entry in table("timeouts")[kind]:
        yield entry["names"], _fields({key: value for key, value in entry.items() if key != "names"})


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in entry.items() if key not in _EVIDENCE}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in known.items()}


def _clients() -> dict[str, dict[str, Any]]:
    clients: dict[str, dict[str, Any]] = table("timeouts")["clients"]
    return clients
