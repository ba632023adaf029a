"""What the names of a project tell, read off all of its texts at once: kept, so that a later run need not read them.

Most of it adds up: what one text says of a name is said, whatever the others say. Two parts do not, for they go by what
the project says elsewhere: which annotations are of plain values, and which names lead to what blocks. Of those, a text
that changed may say what it said before, and then they are as they were.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple


class Definitions(NamedTuple):
    """Names: of coroutine functions and of what is annotated to give an awaitable, of plain functions, of all.

    `every` has the classes, too.
    """

    asynchronous: frozenset[str] = frozenset()
    synchronous: frozenset[str] = frozenset()
    every: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ProjectNames:
    """None is what nobody has asked for.

    `plain` are functions that are all annotated to give plain values, `promising` coroutine functions that give
    something to await. `awaited` counts what is called behind an `await`; `imported` are the words of import lines.
    `leading` are names that may lead to a
    blocking call, `leading_to_files` those that may lead to one on a small file too.
    """

    definitions: Definitions | None = None
    plain: frozenset[str] | None = None
    promising: frozenset[str] | None = None
    awaited: Counter[str] | None = None
    imported: frozenset[str] | None = None
    leading: frozenset[str] | None = None
    leading_to_files: frozenset[str] | None = None

    def or_else(self, other: "ProjectNames") -> "ProjectNames":
        """Return these, and of the other what is None here."""
        mine = {each.name: getattr(self, each.name) for each in fields(self)}
        return ProjectNames(**{name: getattr(other, name) if one is None else one for name, one in mine.items()})

    def text(self) -> str:
        sets = [self.plain, self.promising, self.imported, self.leading, self.leading_to_files]
        definitions = None if self.definitions is None else list(map(_words, self.definitions))
        return json.dumps([definitions, self.awaited, *map(_words, sets)], separators=(",", ":"))


def names_of_text(text: str) -> ProjectNames:
    """Return what `ProjectNames.text` gave. Raises an error of any kind for what it did not give."""
    definitions, awaited, plain, promising, imported, leading, leading_to_files = json.loads(text)
    return ProjectNames(
        None if definitions is None else Definitions(*map(frozenset, definitions)),
        _names(plain),
        _names(promising),
        None if awaited is None else Counter(awaited),
        _names(imported),
        _names(leading),
        _names(leading_to_files),
    )


def _words(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def _names(words: Iterable[str] | None) -> frozenset[str] | None:
    return None if words is None else frozenset(words)
