"""The files of the project: which of them hold a word, and what they hold."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from async_lint.files.ports import Disk, Files
from async_lint.inference.project.word_index import WordIndex
from async_lint.inference.syntax.notes import NOTES, Fact, Memo

# A folder with more than this is no project: somebody's home. A word in more files than this is everywhere.
_MAX_FILES = 20_000
MAX_MENTIONS = 60
# To make an index takes as long as some forty searches: a run on one file may ask about fewer words.
_SEARCHES = 40


class Project:
    """Every file under the project's root, whatever was asked to be checked. `paths` lists them when first needed."""

    def __init__(self, files: Files | None = None, paths: Callable[[], Iterable[Path]] = tuple) -> None:
        self._files = files or Disk()
        self._paths = paths
        self._texts: dict[Path, bytes] | None = None
        self._index: WordIndex | None = None
        self._order: list[Path] = []  # the files as the index counts them
        self._mentioning: dict[tuple[str, ...], list[Path]] = {}
        self._importers: Memo[str, int] = Memo()

    def mentioning(self, *words: str) -> list[Path]:
        """Return the files that hold each of the words."""
        NOTES.add(Fact.MENTIONS, "", "\n".join(words))
        paths = self._mentioning.get(words)
        if paths is None:
            if len(words) == 1:
                paths = list(self._holding(words[0].encode()))
            else:
                # `__init__(` is everywhere: the rarest of the words leaves the fewest texts to search for the others.
                rarest = min(map(self.mentioning, words), key=len)
                paths = [path for path in rarest if all(word.encode() in self.raw(path) for word in words)]
            self._mentioning[words] = paths
        return paths

    def _holding(self, needle: bytes) -> Iterable[Path]:
        if self._index is None and len(self._mentioning) < _SEARCHES:
            return [path for path, text in self._read().items() if needle in text]
        index = self._indexed()
        return map(self._order.__getitem__, index.holding(needle))

    def _indexed(self) -> WordIndex:
        if self._index is None:
            texts = self._read()
            self._order = list(texts)
            self._index = WordIndex(list(texts.values()))
        return self._index

    def prepare(self) -> None:
        """Read the texts and make the index now."""
        self._indexed()

    def by_path(self) -> Mapping[Path, bytes]:
        """Return what each file of the project holds."""
        return self._read()

    def texts(self) -> Iterable[bytes]:
        """Return what the files of the project hold."""
        return self._read().values()

    def importers(self, library: str) -> int:
        """Return how many files import a library, or something from it."""
        line = re.compile(rf"^[ \t]*(?:from|import)\s+{re.escape(library)}\b".encode(), re.MULTILINE)
        return NOTES.kept(
            self._importers, library, lambda: sum(self.finds(path, line) for path in self.mentioning(library))
        )

    def has(self, path: Path) -> bool:
        """Whether it is a file of the project, and not an empty one."""
        return bool(self._read().get(path))

    def finds(self, path: Path, pattern: re.Pattern[bytes]) -> bool:
        """Whether a file of the project holds something that the pattern matches."""
        NOTES.add(Fact.FOUND, str(path), b"%d %b" % (pattern.flags, pattern.pattern))
        return pattern.search(self._read().get(path, b"")) is not None

    def text(self, path: Path) -> bytes:
        """Return what a file of the project holds; empty when it is none."""
        NOTES.add(Fact.TEXT, str(path))
        return self.raw(path)

    def raw(self, path: Path) -> bytes:
        """Return the same, for who notes himself what he looks for."""
        return self._read().get(path, b"")

    def _read(self) -> dict[Path, bytes]:
        if self._texts is None:
            self._texts = {}
            for path in self._paths():
                if len(self._texts) >= _MAX_FILES:
                    self._texts = {}
                    break
                try:
                    self._texts[path] = self._files.read(path)
                except OSError:
                    continue
        return self._texts
