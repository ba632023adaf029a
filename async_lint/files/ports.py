"""What is handed in from outside: where files come from, and where results are kept."""

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

# The largest source that was found in real packages has 2.9 MB. A tree takes a hundred times the memory of its text.
MAX_BYTES = 20_000_000

# Opening a pipe without it waits for somebody who writes; on a regular file it changes nothing.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class Entry(NamedTuple):
    """A name in a directory. A link counts as what it points to; a broken one is neither file nor directory."""

    name: str
    is_dir: bool
    is_file: bool
    is_link: bool = False


class Files(Protocol):
    """A tree of files: the disk, standard input, an editor's unsaved buffers."""

    def read(self, path: Path) -> bytes:
        """Return the bytes of a file; raises OSError, for one of more than `MAX_BYTES` too."""

    def list(self, path: Path) -> tuple[Entry, ...]:
        """Return the sorted entries of a directory; raises OSError."""

    def entry(self, path: Path) -> Entry | None:
        """Return what a path names; None for nothing, and for the root of the file system."""

    def is_file(self, path: Path) -> bool: ...

    def is_dir(self, path: Path) -> bool: ...


class Store(Protocol):
    """Keeps bytes by key: nothing, memory, or a cache on disk."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, value: bytes) -> None: ...


class Disk:
    """The file system. Listings are kept, for module look-ups ask for the same folders again and again."""

    def __init__(self) -> None:
        self._listings: dict[Path, dict[str, Entry] | OSError] = {}

    def __reduce__(self) -> "tuple[type[Disk], tuple[()]]":
        return Disk, ()

    def read(self, path: Path) -> bytes:
        return read_regular(path)

    def list(self, path: Path) -> tuple[Entry, ...]:
        return tuple(self._entries(path).values())

    def is_file(self, path: Path) -> bool:
        entry = self.entry(path)
        return entry is not None and entry.is_file

    def is_dir(self, path: Path) -> bool:
        # The root of the file system stands in no listing.
        if path.parent == path:
            return True
        entry = self.entry(path)
        return entry is not None and entry.is_dir

    def _entries(self, path: Path) -> dict[str, Entry]:
        known = self._listings.get(path)
        if known is None:
            try:
                with os.scandir(path) as entries:
                    listed = sorted(
                        Entry(entry.name, _is_dir(entry), _is_file(entry), entry.is_symlink()) for entry in entries
                    )
                known = {entry.name: entry for entry in listed}
            except OSError as error:
                known = error
            self._listings[path] = known
        if isinstance(known, OSError):
            raise known
        return known

    def entry(self, path: Path) -> Entry | None:
        try:
            return self._entries(path.parent).get(path.name)
        except OSError:
            # A folder that may be entered but not listed: ask for the path itself.
            try:
                mode = path.stat().st_mode
            except OSError:
                return None
            return Entry(path.name, stat.S_ISDIR(mode), stat.S_ISREG(mode), path.is_symlink())


class Overlay:
    """Texts that stand in for files of another tree: standard input under a file's name."""

    def __init__(self, below: Files, texts: Mapping[Path, bytes]) -> None:
        self._below = below
        self._texts = texts

    def read(self, path: Path) -> bytes:
        text = self._texts.get(path)
        return self._below.read(path) if text is None else text

    def list(self, path: Path) -> tuple[Entry, ...]:
        mine = {file.name: Entry(file.name, False, True) for file in self._texts if file.parent == path}
        try:
            below = {entry.name: entry for entry in self._below.list(path)}
        # The name for standard input may stand in a folder that is not there yet.
        except OSError:
            if not mine:
                raise
            below = {}
        return tuple(sorted({**below, **mine}.values()))

    def entry(self, path: Path) -> Entry | None:
        return Entry(path.name, False, True) if path in self._texts else self._below.entry(path)

    def is_file(self, path: Path) -> bool:
        return path in self._texts or self._below.is_file(path)

    def is_dir(self, path: Path) -> bool:
        return self._below.is_dir(path)


class Nothing:
    """A store that forgets."""

    def get(self, key: str) -> bytes | None:
        return None

    def put(self, key: str, value: bytes) -> None:
        return None


def read_regular(path: Path) -> bytes:
    """Return the bytes of a regular file; raises OSError for what is none, and for one of more than `MAX_BYTES`.

    A device or a pipe never ends, or waits, or is changed by being read.
    """
    # Asked before it is opened, for that alone may rewind a tape; asked again, for it may be another one by then.
    _require_regular(path.stat().st_mode, path)
    with open(os.open(path, _OPEN), "rb") as file:
        _require_regular(os.fstat(file.fileno()).st_mode, path)
        # Whatever its size is said to be: a file may grow while it is read.
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MAX_BYTES // 1_000_000} MB", str(path))
    return data


def _require_regular(mode: int, path: Path) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a directory, not a regular file", str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))


def _is_dir(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
