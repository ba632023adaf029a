"""The stub of one module, and what its texts say of other definitions."""

import re
from collections.abc import Iterator
from typing import TypedDict

from tools.stub_types import IMPORTED_MODULE


class Entry(TypedDict):
    """`definitions` maps a name to the statements that bind it; `async_lint.knowledge.Stub` says what the rest is."""

    package: bool
    stars: list[str]
    exports: list[str] | None
    definitions: dict[str, list[str]]


Entries = dict[str, Entry]  # by module
Key = tuple[str, str]  # a module and a name in it

_FROM_IMPORT = re.compile(r"^from (\S+) import (\S+?)(?: as \S+)?$", re.MULTILINE)
_IMPORT = re.compile(r"import (\S+) as")
_THROUGH_MODULE = re.compile(rf"\b({IMPORTED_MODULE}\w+)\.(\w+)")
_NAME = re.compile(r"\b[A-Za-z_]\w*")
# Bases, and parameters: of those, annotations are left only where they decide something.
_HEADER = re.compile(r"^ *(?:class|(?:async )?def) \w+\((.*)\)(?: ->.*)?:", re.MULTILINE)


def texts(entries: Entries) -> dict[Key, str]:
    return {
        (module, name): "\n".join(found)
        for module, entry in entries.items()
        for name, found in entry["definitions"].items()
    }


def references(module: str, text: str, entries: Entries) -> Iterator[Key]:
    """Yield the definitions that a definition's text names."""
    for imported in _FROM_IMPORT.finditer(text):
        yield imported[1], imported[2]
    definitions = entries[module]["definitions"]
    for alias, name in _THROUGH_MODULE.findall(text):
        target = _IMPORT.match(definitions.get(alias, [""])[0])
        if target:
            yield target[1], name
    for name in set(_NAME.findall(text)):
        if name in definitions:
            yield module, name


def foundations(module: str, text: str, entries: Entries) -> Iterator[Key]:
    """Yield the definitions that the base classes and the parameters in a definition's text name."""
    yield from references(module, "\n".join(_HEADER.findall(text)), entries)
