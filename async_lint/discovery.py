"""Paths to the Python files under them, and a project's folders of source."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pathspec import GitIgnoreSpec

from async_lint.ports import Entry, Files

SUFFIXES = (".py", ".pyi")


class Found(NamedTuple):
    """A file to check. `path` is how the user would write it, `absolute` where it is."""

    path: str
    absolute: Path


class Unreadable(NamedTuple):
    """A directory that could not be listed, and why."""

    path: str
    reason: str


class Missing(NamedTuple):
    """A path that was asked for and does not exist."""

    path: str


class Patterns:
    """Patterns of .gitignore's language, relative to `base`; the last one that matches a path decides."""

    def __init__(self, base: Path, patterns: Iterable[str]) -> None:
        self.base = base
        self._spec = GitIgnoreSpec.from_lines(patterns)

    def decides(self, path: Path, is_dir: bool) -> bool | None:
        """Return True when `path` matches, False when a later `!pattern` takes it back, None when nothing matches."""
        try:
            relative = path.relative_to(self.base).as_posix()
        except ValueError:
            return None
        return self._spec.check_file(relative + "/" if is_dir else relative).include

    def match(self, path: Path, is_dir: bool = False) -> bool:
        """Whether `path`, or a folder that it lies in, matches."""
        return bool(self.decides(path, is_dir))


# Given a directory, the patterns of the project that it belongs to.
Excludes = Callable[[Path], Patterns]


def discover(
    paths: Sequence[str], files: Files, excludes: Excludes, force_exclude: bool = False
) -> Iterator[Found | Unreadable | Missing]:
    """Yield the Python files of `paths`, each once, in the order given and sorted within a directory.

    A path that is given is taken as it is, whatever .gitignore and the excludes say, unless `force_exclude`. Links to
    directories are not followed within one, so a loop of links does no harm.
    """
    walk = _Walk(files, excludes)
    seen: set[Path] = set()
    for given in paths:
        absolute = Path(os.path.abspath(given))
        is_dir = files.is_dir(absolute)
        if not is_dir and not files.is_file(absolute) and not os.path.lexists(absolute):
            yield Missing(given)
            continue
        if force_exclude and walk.excluded(absolute, is_dir):
            continue
        for each in walk.directory(given, absolute) if is_dir else [Found(given, absolute)]:
            if isinstance(each, Found):
                if each.absolute in seen:
                    continue
                seen.add(each.absolute)
            yield each


def source_roots(root: Path, src: Sequence[str], files: Files) -> tuple[Path, ...]:
    """Return the existing folders that the `src` entries of a project name, globs expanded; the root comes last."""
    found: list[Path] = []
    for entry in src:
        if any(character in entry for character in "*?["):
            found += sorted(each for each in root.glob(entry) if each.is_dir())
        else:
            found.append(Path(os.path.normpath(root / entry)))
    # `src/pkg` is `pkg`, not `src.pkg`: an entry inside another one is asked first.
    inner_first = sorted(dict.fromkeys([*found, root]), key=lambda path: -len(path.parts))
    return tuple(path for path in inner_first if files.is_dir(path))


class _Walk:
    def __init__(self, files: Files, excludes: Excludes) -> None:
        self._files = files
        self._excludes = excludes
        self._ignores: dict[Path, tuple[Patterns, ...]] = {}

    def directory(self, given: str, absolute: Path) -> Iterator[Found | Unreadable]:
        ignored = self._ignored(absolute.parent, absolute, True)
        # What lies in a folder that was asked for by name is wanted, though the folder itself is ignored.
        chain = () if ignored else self._chain(absolute.parent)
        rebase = absolute if self._excludes(absolute).match(absolute, True) else None
        prefix = "" if given in (".", "./") else os.path.join(given, "")
        yield from self._entries(prefix, absolute, chain, rebase)

    def excluded(self, path: Path, is_dir: bool) -> bool:
        return self._excludes(path.parent).match(path, is_dir) or self._ignored(path.parent, path, is_dir)

    def _entries(
        self, prefix: str, folder: Path, chain: tuple[Patterns, ...], rebase: Path | None
    ) -> Iterator[Found | Unreadable]:
        try:
            entries = self._files.list(folder)
        except OSError as error:
            yield Unreadable(prefix.rstrip(os.sep) or ".", error.strerror or str(error))
            return
        chain = (*self._own(folder), *chain)
        excludes = self._excludes(folder)
        for entry in entries:
            if not entry.is_dir and not entry.name.endswith(SUFFIXES):
                continue
            path = folder / entry.name
            if excludes.match(path if rebase is None else excludes.base / path.relative_to(rebase), entry.is_dir):
                continue
            if _decide(chain, path, entry.is_dir):
                continue
            if not entry.is_dir:
                if _may_be_read(entry, path):
                    yield Found(prefix + entry.name, path)
            elif not path.is_symlink():
                yield from self._entries(os.path.join(prefix + entry.name, ""), path, chain, rebase)

    def _ignored(self, folder: Path, path: Path, is_dir: bool) -> bool:
        return _decide(self._chain(folder), path, is_dir)

    def _chain(self, folder: Path) -> tuple[Patterns, ...]:
        """The .gitignore files that apply in `folder`, nearest first, up to the repository's root."""
        if folder not in self._ignores:
            self._ignores[folder] = self._up(folder)
        return self._ignores[folder]

    def _up(self, folder: Path) -> tuple[Patterns, ...]:
        found: list[Patterns] = []
        for each in (folder, *folder.parents):
            found += self._own(each)
            if self._files.is_dir(each / ".git") or self._files.is_file(each / ".git"):
                return tuple(found)
        # Outside a repository a .gitignore further up belongs to something else, such as a cache's own `*`.
        return ()

    def _own(self, folder: Path) -> tuple[Patterns, ...]:
        file = folder / ".gitignore"
        if not self._files.is_file(file):
            return ()
        try:
            text = self._files.read(file).decode("utf-8", "replace")
        except OSError:
            return ()
        return (Patterns(folder, text.splitlines()),)


def _decide(chain: Iterable[Patterns], path: Path, is_dir: bool) -> bool:
    for patterns in chain:
        decision = patterns.decides(path, is_dir)
        if decision is not None:
            return decision
    return False


def _may_be_read(entry: Entry, path: Path) -> bool:
    # A broken link is reported when it is read; a pipe or a socket would only block.
    return entry.is_file or path.is_symlink()
