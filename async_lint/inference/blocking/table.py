"""What `knowledge/blocking.toml` says: calls that keep their thread until something outside it has happened."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from async_lint.knowledge.tables import table

# Parameters, and the number of those that may be given by position: -1 for one that may not.
Parameters = Mapping[str, int]
# For who checks a row against the published package.
_EVIDENCE = ("names", "version", "source")


@dataclass(frozen=True)
class Blocker:
    """A row of `[[calls]]`. `kind` is a word for what it waits for, `waits` a clause for messages.

    `command`: the parameters that hold the command of a process. `slight`: it takes milliseconds as a rule. `short`: so
    does a call of a database. `affine`: the object belongs to the thread that made it. `connection`: what is done with
    one object is one conversation.
    """

    kind: str
    waits: str
    seconds: Parameters = field(default_factory=dict)
    instant: Parameters = field(default_factory=dict)
    unless: Parameters = field(default_factory=dict)
    command: Parameters = field(default_factory=dict)
    local: tuple[str, ...] = ()
    ends: bool = False
    near: bool = False
    slight: bool = False
    short: bool = False
    memory: bool = False
    affine: bool = False
    connection: bool = False

    @property
    def is_conversation(self) -> bool:
        """Whether the calls on one object follow one another, as question and answer do."""
        return self.connection or self.affine


class Wanted(NamedTuple):
    """What counts that takes a moment as a rule: small work with files, short calls of databases, brief commands."""

    files: bool = False
    databases: bool = False
    processes: bool = False

    def has(self, blocker: Blocker) -> bool:
        return (self.files or blocker.kind != "file") and (self.databases or not blocker.short)


class Row(NamedTuple):
    """A name of a row: `head` is the public name up to the method, `open` where anything may stand between the two."""

    public: str
    head: str
    open: bool
    blocker: Blocker


class Blockers:
    """The rows, found by the public name of what is called or by the one under which it is defined.

    Those that take a moment are among them only where they are wanted. `brief` are the commands that do not count,
    `editors` those in which a person writes.
    """

    def __init__(self, wanted: Wanted) -> None:
        commands = () if wanted.processes else table("blocking")["brief-commands"]
        self.brief = frozenset(tuple(command.split()) for command in commands)
        self.made: Mapping[str, str] = table("blocking")["made"]
        self.editors = frozenset(table("blocking")["editors"])
        self._by_word: dict[str, list[Row]] = {}
        self.libraries: dict[str, set[str]] = {}
        for row in _rows():
            if not wanted.has(row.blocker):
                continue
            word = row.public.rpartition(".")[2]
            self._by_word.setdefault(word, []).append(row)
            self.libraries.setdefault(word, set()).update(self._importing(row))

    def __contains__(self, word: str) -> bool:
        """Whether the last word of some name is `word`."""
        return word in self._by_word

    def _importing(self, row: Row) -> Iterator[str]:
        """Yield what a file imports that has an object of the row: boto3 makes clients of botocore."""
        yield row.public.partition(".")[0]
        for call, cls in self.made.items():
            if row.head.startswith(cls):
                yield call.partition(".")[0]

    def function(self, name: str, word: str, canonical: Callable[[str], str]) -> tuple[str, Blocker] | None:
        """Return the public name of a function, and its row.

        `word` is what it is called by; `canonical` gives the name of a definition.
        """
        # `shutil.rmtree` is an object, and named by its class.
        rows = self._by_word.get(name.rpartition(".")[2]) or self._by_word.get(word, [])
        return self._find(self._published(name), rows, canonical)

    def method(self, cls: str, word: str, canonical: Callable[[str], str]) -> tuple[str, Blocker] | None:
        """Return the same of a method of a class; where else that is defined tells nothing: others may have it too."""

        def defined(public: str) -> str:
            head, _, method = public.rpartition(".")
            return f"{canonical(head)}.{method}"

        return self._find(f"{cls}.{word}", self._by_word.get(word, []), defined)

    def _find(self, name: str, rows: Iterable[Row], defined: Callable[[str], str]) -> tuple[str, Blocker] | None:
        # What is written in C is defined beside its package: `_socket.socket`.
        package = name.partition(".")[0].removeprefix("_")
        for row in rows:
            if name == row.public or (row.open and name.startswith(row.head)):
                return row.public, row.blocker
            # To ask where a row is defined costs a module: that of another package is never asked for.
            if not row.open and row.public.partition(".")[0] == package and defined(row.public) == name:
                return row.public, row.blocker
        return None

    def _published(self, name: str) -> str:
        """Return a name with the classes of what functions give: of a library that was not found, only calls tell."""
        while "()" in name:
            call, _, rest = name.partition("()")
            cls = self.made.get(call)
            if cls is None:
                return name
            name = f"{cls}{rest}"
        return name


@cache
def blockers(wanted: Wanted) -> Blockers:
    return Blockers(wanted)


def _rows() -> Iterator[Row]:
    for entry in table("blocking")["calls"]:
        blocker = Blocker(**_fields(entry))
        for name in entry["names"]:
            head = name.rpartition(".")[0]
            # `pymongo.MongoClient.*.find`: of a database of it, or of a collection of that.
            yield Row(name, head.removesuffix("*"), head.endswith(".*"), blocker)


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in entry.items() if key not in _EVIDENCE}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in known.items()}
