"""Findings that a project has accepted for now: a file of them, and what it keeps back in a run."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from async_lint.config_error import ConfigError
from async_lint.files.absolute import absolute
from async_lint.files.ports import Files
from async_lint.fingerprint import fingerprint, settled, text_of
from async_lint.model import Diagnostic, Sources, is_unchecked

_VERSION = 1
_WHAT = "a baseline of async-lint"


class Entry(NamedTuple):
    """A finding that was accepted. `path` is relative to the baseline's folder, with `/`; `line` is the line's text."""

    path: str
    code: str
    line: str
    message: str
    fingerprint: str


class Baseline:
    """The accepted findings of a file, as often as each was there. Raises ConfigError when it cannot be read."""

    def __init__(self, file: Path, files: Files) -> None:
        self.file = file
        self.left = _read(file, files)

    def known(self, diagnostics: Sequence[Diagnostic], sources: Sources, looked_at: Callable[[Path], bool]) -> set[int]:
        """Return the numbers of the findings that are in the baseline, and strike out their entries.

        A finding is known by its fingerprint in its own file; there by its line, when a line beside it was changed; and
        by its fingerprint elsewhere, when its file was renamed. An entry of a file that is there and was not
        `looked_at` has its finding there still.
        """
        found = [entry(each, sources, self.file.parent) for each in diagnostics]
        known: set[int] = set()
        same: list[Callable[[Entry], tuple[str, ...]]] = [
            lambda each: (each.path, each.code, each.fingerprint),
            lambda each: (each.path, each.code, each.line, each.message),
            lambda each: (each.code, each.fingerprint),
        ]
        for number, key in enumerate(same):
            pool: dict[tuple[str, ...], list[Entry]] = {}
            for each in self.left.elements():
                if number < 2 or self._may_have_moved(each, looked_at):
                    pool.setdefault(key(each), []).append(each)
            for index, each in enumerate(found):
                accepted = pool.get(key(each)) if index not in known else None
                if accepted:
                    self.left[accepted.pop()] -= 1
                    known.add(index)
            self.left = +self.left
        return known

    def stale(self, looked_at: Callable[[Path], bool], looked_for: Callable[[Path, str], bool]) -> int:
        """Return how many entries stand for nothing any more, of those that this run could have found."""
        places = ((self.file.parent / each.path, each) for each in self.left.elements())
        return sum(looked_at(path) and looked_for(path, each.code) for path, each in places)

    def _may_have_moved(self, each: Entry, looked_at: Callable[[Path], bool]) -> bool:
        path = self.file.parent / each.path
        return looked_at(path) or not path.exists()


def document(diagnostics: Iterable[Diagnostic], sources: Sources, folder: Path) -> str:
    """Return a baseline of the findings, to stand in `folder`: sorted, so that a change is a small diff."""
    counts = Counter(entry(each, sources, folder) for each in diagnostics)
    problems = [
        {"path": each.path, "code": each.code, "line": each.line, "message": each.message}
        | {"fingerprint": each.fingerprint, "count": count}
        for each, count in sorted(counts.items())
    ]
    return json.dumps({"version": _VERSION, "problems": problems}, indent=2) + "\n"


def can_be_accepted(diagnostic: Diagnostic) -> bool:
    """Whether a finding may be in a baseline: a file that could not be checked must not pass for a clean one."""
    return not is_unchecked(diagnostic)


def entry(diagnostic: Diagnostic, sources: Sources, folder: Path) -> Entry:
    lines = sources.get(diagnostic.path, ())
    path = Path(os.path.relpath(absolute(diagnostic.path), folder)).as_posix()
    return Entry(
        path,
        diagnostic.code,
        text_of(lines, diagnostic.span.start.line),
        settled(diagnostic.message),
        fingerprint(diagnostic, lines),
    )


def _read(file: Path, files: Files) -> "Counter[Entry]":
    try:
        document = json.loads(files.read(file).decode("utf-8"))
        if document["version"] != _VERSION:
            raise ConfigError(f"{file}: version {document['version']!r} of {_WHAT} is not known")
        entries: Counter[Entry] = Counter()
        for each in document["problems"]:
            entries[Entry(*(str(each[key]) for key in Entry._fields))] += int(each["count"])
    except OSError as error:
        raise ConfigError(f"{file}: {_WHAT} cannot be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigError(f"{file}: this is not {_WHAT}; --write-baseline writes one") from error
    return entries
