"""Paths to the Python files under them, and a project's folders of source."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from async_lint.files.notebook import NOTEBOOK
from async_lint.files.patterns import Patterns
from async_lint.files.ports import Entry, Files

STUB = ".pyi"
SUFFIXES = (".py", STUB, NOTEBOOK)


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


# Given a directory, the patterns of the project that it belongs to.
Excludes = Callable[[Path], Patterns]


def discover(
    paths: Sequence[str], files: Files, excludes: Excludes, force_exclude: bool = False, deep: bool = True
) -> Iterator[Found | Unreadable | Missing]:
    """Yield the Python files and notebooks of `paths`, each once, in the order given and sorted within a directory.

    A path that is given is taken as it is, whatever .gitignore and the excludes say, unless `force_exclude`. Links to
    directories are not followed within one, so a loop of links does no harm. Unless `deep`, no directory in one is
    entered either.
    """
    walk = _Walk(files, excludes)
    seen: set[Path] = set()
    for given in paths:
        absolute = Path(os.path.abspath(given))
        is_dir = files.is_dir(absolute)
        # A link to nowhere is not missing: reading it tells what is wrong with it.
        if not is_dir and not files.is_file(absolute) and not os.path.lexists(absolute):
            yield Missing(given)
            continue
        # pre-commit hands over files by name, excluded ones too: that is what the flag is for.
        if force_exclude and walk.excluded(absolute, is_dir):
            continue
        for found in walk.directory(given, absolute, deep) if is_dir else [Found(given, absolute)]:
            if isinstance(found, Found):
                if found.absolute in seen:
                    continue
                seen.add(found.absolute)
            yield found


def source_roots(root: Path, src: Sequence[str], files: Files) -> tuple[Path, ...]:
    """Return the existing folders that the `src` entries of a project name, globs expanded; the root comes last."""
    folders = [folder for entry in src for folder in source_folders(root, entry, files)]
    # `src/pkg` is `pkg`, not `src.pkg`: an entry inside another one is asked first.
    inner_first = sorted(dict.fromkeys([*folders, root]), key=lambda path: -len(path.parts))
    return tuple(path for path in inner_first if files.is_dir(path))


def source_folders(root: Path, entry: str, files: Files) -> list[Path]:
    """Return the existing folders that one entry of `src` names."""
    try:
        if _is_pattern(entry):
            return sorted(set(_matching(root, Path(entry).parts, files))) if not Path(entry).is_absolute() else []
        folder = Path(os.path.normpath(root / entry))
        return [folder] if entry and files.is_dir(folder) else []
    except (ValueError, OSError, RecursionError):
        # A NUL character: nothing is named so.
        return []


def _matching(folder: Path, parts: Sequence[str], files: Files) -> Iterator[Path]:
    """Yield the folders that a glob names, as `Path.glob` does; through `files`, which notes what it is asked."""
    if not parts:
        yield folder
    elif not _is_pattern(parts[0]):
        inside = Path(os.path.normpath(folder / parts[0]))
        if files.is_dir(inside):
            yield from _matching(inside, parts[1:], files)
    elif parts[0] == "**":
        yield from _matching(folder, parts[1:], files)
        for entry in _folders(folder, files):
            if not entry.is_link:
                yield from _matching(folder / entry.name, parts, files)
    elif "**" not in parts[0]:
        for entry in _folders(folder, files):
            if fnmatch(entry.name, parts[0]):
                yield from _matching(folder / entry.name, parts[1:], files)


def _is_pattern(text: str) -> bool:
    return any(character in text for character in "*?[")


def _folders(folder: Path, files: Files) -> list[Entry]:
    try:
        return [entry for entry in files.list(folder) if entry.is_dir]
    except OSError:
        return []


class _Folder(NamedTuple):
    """A directory to walk into. `prefix` begins the paths in it, `chain` is what .gitignore files above it say."""

    prefix: str
    absolute: Path
    chain: tuple[Patterns, ...]


class _Walk:
    def __init__(self, files: Files, excludes: Excludes) -> None:
        self._files = files
        self._excludes = excludes
        self._ignores: dict[Path, tuple[Patterns, ...]] = {}

    def directory(self, given: str, absolute: Path, deep: bool) -> Iterator[Found | Unreadable]:
        ignored = self._ignored(absolute.parent, absolute, True)
        # What lies in a folder that was asked for by name is wanted, though the folder itself is ignored.
        chain = () if ignored else self._chain(absolute.parent)
        # A pattern that excludes a folder matches all in it: inside, paths are compared as if it were the root.
        rebase = absolute if self._excludes(absolute).match(absolute, True) else None
        prefix = "" if given in (".", "./") else os.path.join(given, "")
        # Not by recursion: how deep folders lie in each other is not for us to choose.
        open_folders = [self._entries(_Folder(prefix, absolute, chain), rebase)]
        while open_folders:
            found = next(open_folders[-1], None)
            if found is None:
                open_folders.pop()
            elif not isinstance(found, _Folder):
                yield found
            elif deep:
                open_folders.append(self._entries(found, rebase))

    def excluded(self, path: Path, is_dir: bool) -> bool:
        return self._excludes(path.parent).match(path, is_dir) or self._ignored(path.parent, path, is_dir)

    def _entries(self, given: "_Folder", rebase: Path | None) -> "Iterator[Found | Unreadable | _Folder]":
        prefix, folder, chain = given
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
                # A broken link is reported when it is read; a pipe or a socket would only block.
                if entry.is_file or entry.is_link:
                    yield Found(prefix + entry.name, path)
            elif not entry.is_link:
                yield _Folder(os.path.join(prefix + entry.name, ""), path, chain)

    def _ignored(self, folder: Path, path: Path, is_dir: bool) -> bool:
        return _decide(self._chain(folder), path, is_dir)

    def _chain(self, folder: Path) -> tuple[Patterns, ...]:
        """The .gitignore files that apply in `folder`, nearest first, up to the repository's root."""
        if folder not in self._ignores:
            self._ignores[folder] = self._up(folder)
        return self._ignores[folder]

    def _up(self, folder: Path) -> tuple[Patterns, ...]:
        within: list[Path] = []
        for outer in (folder, *folder.parents):
            within.append(outer)
            if self._files.is_dir(outer / ".git") or self._files.is_file(outer / ".git"):
                return tuple(patterns for inside in within for patterns in self._own(inside))
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
