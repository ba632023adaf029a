"""Which classes of the project inherit from one?"""

import re
from collections.abc import Iterator
from pathlib import Path

from async_lint.inference.project.project import Project
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Module
from async_lint.inference.syntax.notes import NOTES, Fact, Memo

_MAX_FILES = 60
_LONGEST = 100  # bytes of a name
_HEADER = re.compile(rb"\n[ \t]*class[ \t]+\w+[^:(\n]*\(([^)]*)\)")
_WORD = re.compile(rb"\w+")
_ALIAS = re.compile(rb" as (\w+)")
_LAST = re.compile(rb"\w+$")


class ProjectHeirs:
    """The subclasses of classes, looked for once each."""

    def __init__(self, evaluator: Evaluator, project: Project) -> None:
        self._evaluator = evaluator
        self._project = project
        self._known: Memo[Class, tuple[Class, ...] | None] = Memo()
        self._files: dict[str, dict[Path, None]] | None = None

    def prepare(self) -> None:
        """Read the headers of the project's classes now."""
        self._headers()

    def of(self, cls: Class) -> tuple[Class, ...] | None:
        """Return the subclasses, theirs too; None when there are too many files to look into."""
        if cls in self._known:
            NOTES.reuse(self._known, cls)
        else:
            self._known[cls] = None  # who asks while the answer is looked for gets none
            with self._evaluator.apart(), NOTES.working(self._known, cls):
                self._known[cls] = self._search(cls)
        return self._known[cls]

    def _search(self, cls: Class) -> tuple[Class, ...] | None:
        heirs: dict[Class, None] = {}
        waiting = [cls]
        seen: set[Module] = set()
        while waiting:
            parent = waiting.pop()
            NOTES.add(Fact.HEADERS, "", parent.name)
            paths = self._headers().get(parent.name, {})
            if len(paths) > _MAX_FILES:
                return None
            # The class's own module as it is: a file under check need not be what is on the disk.
            modules = [parent.module, *filter(None, map(self._evaluator.library.at, paths))]
            # An heir's heirs are found with it: a generated module has thousands of them, each with no other heirs.
            unseen = [module for module in dict.fromkeys(modules) if module not in seen]
            seen.update(unseen)
            for candidate in dict.fromkeys(declared for module in unseen for declared in _classes(module)):
                if candidate is not cls and candidate not in heirs and self._evaluator.is_subclass(candidate, cls):
                    heirs[candidate] = None
                    waiting.append(candidate)
        return tuple(heirs)

    def _headers(self) -> "dict[str, dict[Path, None]]":
        """Map the words between the parentheses of class statements to the files that have them."""
        if self._files is None:
            self._files = {}
            for path in self._project.mentioning("class "):
                for word in bases(self._project.raw(path)):
                    self._files.setdefault(word, {})[path] = None
        return self._files


def bases(text: bytes) -> set[str]:
    """Return the words between the parentheses of the class statements in a text, and what such a word is short for."""
    words = {word for header in _HEADER.findall(b"\n" + text) for word in _WORD.findall(header)}
    if words:
        words |= {
            name.group()
            for alias in _ALIAS.finditer(text)
            if alias[1] in words and (name := _LAST.search(text, max(0, alias.start() - _LONGEST), alias.start()))
        }
    return {word.decode("utf-8", "replace") for word in words}


def _classes(module: Module) -> Iterator[Class]:
    for name in module.names():
        for binding in module.lookup(name) or ():
            if isinstance(binding.definition, Class):
                yield binding.definition
