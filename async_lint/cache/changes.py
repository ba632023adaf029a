"""Whether the disk would still say what it said to an earlier run: a `stat` for each thing that it was asked."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from async_lint.cache.trace import DIRECTORY, FILE, NOTHING, OTHER, Folder, Read, Trace, digest, digest_of_names, stamp
from async_lint.files.ports import Disk


class Changes(NamedTuple):
    """What is otherwise: `files` have another content, `elsewhere` are files and folders come, gone or renamed.

    `now` is the trace with today's times, and today's contents of the changed files.
    """

    files: dict[str, bytes]
    elsewhere: bool
    now: Trace


def changes(trace: Trace) -> Changes:
    """Compare a trace with the disk."""
    files: dict[str, bytes] = {}
    elsewhere = False
    now = Trace(dict(trace.files), dict(trace.folders))
    for path, known in trace.files.items():
        size, at = stamp(path)
        if (size, at) == (known.size, known.time) and at >= 0:
            continue
        data = _read(path)
        is_now = "" if data is None else digest(data)
        now.files[path] = Read(size, at, is_now)
        if is_now == known.digest:
            continue
        # What could not be read and now can, or the other way round, is more than a change of text.
        if data is None or not known.digest:
            elsewhere = True
        else:
            files[path] = data
    for path, folder in trace.folders.items():
        at = stamp(path)[1]
        # A link that led nowhere may lead somewhere, and its folder is as it was.
        if at == folder.time and at >= 0 and OTHER not in folder.names.values():
            continue
        if not _is_same(path, folder):
            return Changes(files, True, now)
        now.folders[path] = replace(folder, time=at)
    return Changes(files, elsewhere, now)


def _read(path: str) -> bytes | None:
    try:
        return Disk().read(Path(path))
    except OSError:
        return None


def _is_same(path: str, folder: Folder) -> bool:
    if folder.listed:
        try:
            if digest_of_names(Disk().list(Path(path))) != folder.listed:
                return False
        except OSError:
            return False
    return all(kind == known for kind, known in _kinds(path, folder))


def _kinds(path: str, folder: Folder) -> Iterator[tuple[int, int]]:
    for name, known in folder.names.items():
        inside = os.path.join(path, name)
        try:
            mode = os.stat(inside).st_mode
        except (OSError, ValueError):
            yield OTHER if os.path.lexists(inside) else NOTHING, known
        else:
            yield DIRECTORY if stat.S_ISDIR(mode) else FILE if stat.S_ISREG(mode) else OTHER, known
