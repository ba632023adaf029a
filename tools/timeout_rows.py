"""The rows of knowledge/timeouts.toml, whatever table they stand in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_PARAMETERS = ("timeouts", "unless", "hosts", "others", "urls", "options", "over", "parameters", "work")


@dataclass(frozen=True)
class Row:
    """A row: the table that it stands in, the names that it is about, and the rest of it."""

    table: str
    names: tuple[str, ...]
    rest: Mapping[str, Any]

    def __str__(self) -> str:
        return f"[{self.table}] {self.names[0]}"

    @property
    def sources(self) -> list[Mapping[str, Any]]:
        """Where its facts stand."""
        return list(self.rest.get("source", ()))

    @property
    def versions(self) -> tuple[str, ...]:
        """What it was read from: `asyncpg 0.32.0`."""
        named = [self.rest.get("version"), *(source.get("version") for source in self.sources)]
        return tuple(dict.fromkeys(version for version in named if version))

    @property
    def parameters(self) -> dict[str, tuple[str, int]]:
        """The parameters that it names, each with what for, and with its position."""
        named = {name: (kind, at) for kind in _PARAMETERS for name, at in self.rest.get(kind, {}).items()}
        if "argument" in self.rest:
            name, at = self.rest["argument"]
            named[name] = ("argument", at)
        return named

    def model(self, name: str) -> str:
        """Return the name of what a method is looked up in: its own class may be made at run time."""
        for source in self.sources:
            made, like = source.get("like", ("", ""))
            if made and name.startswith(f"{made}."):
                return name.replace(made, like, 1)
        return name

    def mentions(self, name: str, elsewhere: bool) -> bool:
        """Whether a source says something of a parameter; `elsewhere`, one in another package or version."""
        return any(
            name in source.get("defaults", {}) or re.search(rf"\b{name}\b", source.get("says", "")) is not None
            for source in self.sources
            if "version" in source or not elsewhere
        )

    def states(self, name: str, default: str | None) -> bool:
        """Whether a source says what a parameter is by default."""
        return any(source.get("defaults", {}).get(name) == default for source in self.sources)


def rows(table: Mapping[str, Any]) -> Iterator[Row]:
    for kind in ("contexts", "wrappers"):
        for entry in table["deadlines"][kind]:
            yield Row(f"deadlines.{kind}", tuple(entry["names"]), entry)
    for kind in ("calls", "disabled"):
        for entry in table[kind]:
            yield Row(kind, tuple(entry["names"]), entry)
    for name, entry in table["clients"].items():
        yield Row(f"clients.{name}", tuple(entry["makers"]), entry)
    yield Row("transports", tuple(table["transports"]["clients"]), table["transports"])
