"""The names that may lead to a blocking call, by the text of the project's files: most names are worth no question.

A name is worth one if some plain function or class of that name holds a call of a name that is, or of one that the
table has, in a file that imports its library. No tree is made for that. It is generous: a name may stand for several
things.
"""

import re
from collections.abc import Iterator, Set
from functools import cached_property
from itertools import takewhile

from async_lint.inference.blocking.table import Blockers
from async_lint.inference.project.project import Project
from async_lint.inference.syntax.notes import NOTES, Fact

# Patterns that begin with a line's end, or where a word begins, are found far quicker than one for both.
_DEFINITION = re.compile(rb"\n([ \t]*)(async|def|class)[ \t]+(?:def[ \t]+)?(\w+)")
_CALLED = re.compile(rb"\b([a-zA-Z_]\w*)\(")
_DEFINED = re.compile(rb"(?:def|class)[ \t]+(\w+)")
_IMPORT = re.compile(rb"\n[ \t]*(?:from|import)[ \t]+([^\n#]+)")
_WORD = re.compile(rb"\w+")
_HEADERS = frozenset({b"for", b"with"})  # `async for`, `async with`
_CONSTRUCTORS = frozenset({b"__init__", b"__post_init__"})
# What texts and containers have as well: these lead nowhere but as a library's.
_COMMON = frozenset(
    [b"add", b"append", b"clear", b"copy", b"count", b"encode", b"decode", b"extend", b"format", b"get", b"index"]
    + [b"insert", b"items", b"join", b"keys", b"pop", b"remove", b"replace", b"split", b"strip", b"update", b"values"]
    + [b"str", b"int", b"list", b"dict", b"set", b"len", b"super", b"print", b"isinstance", b"__init__"]
)
_BUILTIN = "builtins"


class BlockingWords:
    """The names of one project, for some rows of the table."""

    def __init__(self, project: Project, rows: Blockers) -> None:
        self._project = project
        self._rows = rows

    def __contains__(self, name: str) -> bool:
        NOTES.add(Fact.LEADS, "", name)
        return name in self.leading

    def has_library(self, word: str) -> bool:
        """Whether the project imports a library that has a blocking call of that name."""
        libraries = self._rows.libraries.get(word)
        for library in libraries or ():
            NOTES.add(Fact.IMPORTED, "", library)
        return libraries is not None and not libraries.isdisjoint(self._imported)

    def know(self, imported: frozenset[str] | None, leading: frozenset[str] | None) -> None:
        """Take what an earlier run collected, in place of the texts."""
        if imported is not None:
            self._imported = imported
        if leading is not None:
            self.leading = leading

    def known(self) -> tuple[frozenset[str] | None, frozenset[str] | None]:
        """Return the words of import lines and the leading names, if they were collected."""
        return vars(self).get("_imported"), vars(self).get("leading")

    @cached_property
    def _imported(self) -> frozenset[str]:
        return frozenset().union(*map(imports_in, self._project.texts()))

    @cached_property
    def leading(self) -> frozenset[str]:
        """The names that may lead to what blocks."""
        callers: dict[bytes, set[bytes]] = {}
        leading: set[bytes] = set()
        known = {word.encode(): libraries for word, libraries in self._rows.libraries.items()}
        defined = frozenset().union(*(_DEFINED.findall(text) for text in self._project.texts())) - _COMMON
        worth = defined | known.keys()  # one for all texts: the set is as large as the project
        for text in self._project.texts():
            imported = imports_in(text)
            for name, word in _calls(text, worth):
                libraries = known.get(word)
                if libraries is not None and not libraries.isdisjoint(imported):
                    leading.add(name)
                elif word in defined:
                    callers.setdefault(word, set()).add(name)
        waiting = list(leading)
        while waiting:
            found = callers.get(waiting.pop(), set()) - leading
            leading |= found
            waiting += found
        return frozenset(name.decode("utf-8", "replace") for name in leading)


class _Everything(frozenset[bytes]):
    def __contains__(self, _: object) -> bool:
        return True


def told_by(text: bytes) -> tuple[object, ...]:
    """Return all that a text says of which names may lead where."""
    return imports_in(text), set(_DEFINED.findall(text)), set(_calls(text, _Everything()))


def imports_in(text: bytes) -> set[str]:
    """Return the words of a file's import lines, among which are the libraries, and the builtins."""
    words = set(_WORD.findall(b"\n".join(_IMPORT.findall(b"\n" + text))))
    return {_BUILTIN, *(word.decode("utf-8", "replace") for word in words)}


def _calls(text: bytes, worth: Set[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield a plain function's name, or its class's for a constructor, with each name in `worth` that it calls."""
    around: list[tuple[int, bytes, bytes]] = []  # how far it is indented, the word that defines it, its name
    text = b"\n" + text
    definitions = list(_DEFINITION.finditer(text))
    begins = [definition.start() for definition in definitions]
    for definition, end in zip(definitions, [*begins[1:], len(text)], strict=False):
        indent, keyword, name = definition.groups()
        if name not in _HEADERS:
            while around and around[-1][0] >= len(indent):
                around.pop()
            is_constructor = name in _CONSTRUCTORS and around
            around.append((len(indent), keyword, around[-1][2] if is_constructor else name))
        # Plain functions in plain functions: what they call stands in all of them.
        callers = [caller for _, _, caller in takewhile(lambda one: one[1] == b"def", reversed(around))]
        for word in _CALLED.findall(text, definition.end(), end) if callers else ():
            if word in worth:
                yield from ((caller, word) for caller in callers)
