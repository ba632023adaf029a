"""`--watch`: a run, and another one whenever something changes that it depends on."""

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from async_lint.checking import check
from async_lint.config_error import ConfigError
from async_lint.exits import FAILED, complain
from async_lint.files.absolute import absolute
from async_lint.files.discovery import SUFFIXES
from async_lint.files.ports import Disk
from async_lint.files.signs import PYPROJECT, TOML_NAME
from async_lint.inputs import projects_of
from async_lint.project import Project
from async_lint.projects import Projects

_SETTINGS = frozenset({PYPROJECT, TOML_NAME, "setup.cfg", ".gitignore"})
_PAUSE = 200  # milliseconds without a change, until the first run begins
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watch(flags: Namespace) -> int:
    """Check what the flags name, again and again, until Ctrl-C raises KeyboardInterrupt.

    Returns the exit code where nothing is there to watch. Raises ConfigError.
    """
    disk = Disk()
    paths = [path for path in map(absolute, flags.paths or ["."]) if disk.is_dir(path) or disk.is_file(path)]
    if not paths:
        return check(flags)
    projects = projects_of(flags, disk, [path for path in paths if disk.is_dir(path)])
    found = [_project(projects, path, disk) for path in paths]
    changes = _changes({project.folder if project else path for path, project in zip(paths, found, strict=True)})
    # From here on changes are noted, those during a run as well.
    next(changes)
    _run(flags, sys.stdout)
    watched = [project for project in found if project]
    for changed in changes:
        if any(_matters(path, watched) for path in changed):
            _run(flags, sys.stdout)
    return FAILED


def _project(projects: Projects, path: Path, disk: Disk) -> Project | None:
    """Return the project of a path; None where its settings are wrong, as every run tells."""
    try:
        return projects.of_directory(path) if disk.is_dir(path) else projects.of(path)
    except ConfigError:
        return None


def _changes(folders: Iterable[Path]) -> Iterator[set[Path]]:
    """Yield what has changed below folders, every now and then nothing. Raises ConfigError without `watchfiles`."""
    try:
        import watchfiles
    except ModuleNotFoundError as error:
        raise ConfigError("--watch needs the package watchfiles: pip install 'async-lint[watch]'") from error
    watched = watchfiles.watch(*folders, watch_filter=None, rust_timeout=_PAUSE, yield_on_timeout=True)
    return ({Path(path) for _, path in changes} for changes in watched)


def _matters(path: Path, projects: Iterable[Project]) -> bool:
    if path.name in _SETTINGS:
        return True
    if not path.name.endswith(SUFFIXES):
        return any(path == project.config.baseline for project in projects)
    excluding = (project.excludes for project in projects if path.is_relative_to(project.config.root))
    return not any(patterns.match(path) for patterns in excluding)


def _run(flags: Namespace, stream: TextIO) -> None:
    if stream.isatty():
        stream.write(_CLEAR)
    try:
        check(flags)
    # A baseline, say, that was removed: it may come back.
    except ConfigError as error:
        complain(str(error))
    stream.flush()
    print("Watching for changes; Ctrl-C ends it.", file=sys.stderr, flush=True)
