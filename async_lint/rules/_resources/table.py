"""What `knowledge/closables.toml` says: what opens a resource, and what closes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from async_lint.knowledge.tables import table
from async_lint.rules._timeouts.table import Names

# For who checks a row against the published package.
_EVIDENCE = ("names", "of", "version", "source")


@dataclass(frozen=True)
class Closable:
    """What a call opens: an entry of `[[closable]]`."""

    what: str
    closes: tuple[str, ...]
    left: str
    through: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    sends: tuple[str, ...] = ()
    takers: tuple[str, ...] = ()
    words: tuple[str, ...] = ("opens", "closes", "closed")
    awaited: bool = False
    part: int | None = None
    unless: Mapping[str, int] = field(default_factory=dict)
    lazy: bool = False
    ends_with_owner: bool = False
    collected: bool = False
    entered: str = ""


@cache
def closables() -> Names[Closable]:
    """What opens resources, by public name."""
    return Names(
        (name, Closable(**_fields(entry))) for entry in table("closables")["closable"] for name in entry["names"]
    )


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in entry.items() if key not in _EVIDENCE}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in known.items()}
