"""The project that a path belongs to: by its settings, by a marker, or, without either, by what was asked for."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from async_lint.config import Extent, Place, has_table
from async_lint.files.ports import Entry, Files
from async_lint.files.signs import MARKERS, PYPROJECT, TOML_NAME


class Signs(NamedTuple):
    """What in a folder says that a project's root is here: a file with settings, a marker."""

    settings: Path | None
    is_marked: bool


def find_root(path: Path, files: Files, asked: Collection[Path] = (), known: dict[Path, Signs] | None = None) -> Place:
    """Return the project of an absolute `path`, a file or a directory.

    That is the nearest folder upward whose `async-lint.toml` or `pyproject.toml` has settings; else the nearest with
    a marker such as `.git` or `setup.py`. Without either, nothing says how far a project reaches, so it is the folder
    that the user `asked` for, the outermost package that it lies in, or the package of the file; of a file in no
    package it is the files beside it.
    Raises ConfigError when a file that seems to hold settings cannot be parsed. `known` keeps what was seen, for who
    asks for many paths.
    """
    start = path if files.is_dir(path) else path.parent
    known = {} if known is None else known
    marked: Path | None = None
    for folder in (start, *start.parents):
        signs = known.get(folder)
        if signs is None:
            signs = known[folder] = _signs(folder, files)
        if signs.settings is not None:
            return Place(folder, signs.settings)
        if marked is None and signs.is_marked:
            marked = folder
    if marked is not None:
        return Place(marked, None)
    return _unmarked(start, files, asked)


def _signs(folder: Path, files: Files) -> Signs:
    settings = None
    if _is_there(files.entry(folder / TOML_NAME)):
        settings = folder / TOML_NAME
    elif _is_there(files.entry(folder / PYPROJECT)) and has_table(folder / PYPROJECT, files):
        settings = folder / PYPROJECT
    return Signs(settings, any(files.entry(folder / marker) is not None for marker in MARKERS))


def _unmarked(start: Path, files: Files, asked: Collection[Path]) -> Place:
    given = [folder for folder in (start, *start.parents) if folder in asked]
    # The outermost of those asked for: what lies in it is one project, whatever else was named inside.
    folder = given[-1] if given else start
    package = _outermost_package(folder, files)
    if package is None:
        return Place(folder, None, Extent(folder, deep=bool(given)))
    return Place(package.parent, None, Extent(package, deep=True))


def _outermost_package(folder: Path, files: Files) -> Path | None:
    package = None
    while files.is_file(folder / "__init__.py") and folder.parent != folder:
        package, folder = folder, folder.parent
    return package


def _is_there(entry: Entry | None) -> bool:
    """Whether settings stand there, be they unreadable: a link to nowhere or a device is an error that is told."""
    return entry is not None and not entry.is_dir
