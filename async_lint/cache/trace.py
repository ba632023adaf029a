"""What a run asked of the disk, and what it was told: the same answers mean the same findings."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from async_lint.files.ports import Disk, Entry

# A file that was written so shortly before it was read may be written again without a change of its time.
_TICK = 2_000_000_000  # ns; FAT counts in two seconds
# Folders that tools make beside the code, and nobody looks for a module in.
_CACHES = frozenset(
    {".async_lint_cache", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", "__pycache__"}
)
# What else a list of a folder is looked through for. Names without an ending are interpreters, or asked for by name.
_ENDINGS = frozenset({"", ".cfg", ".ipynb", ".json", ".pth", ".py", ".pyi", ".toml", ".txt"})
# On Windows it is the time at which a file was made.
_HAS_CHANGE_TIME = os.name != "nt"
_ABSENT = ""  # the digest of what could not be read

NOTHING, DIRECTORY, FILE, OTHER = range(4)

DIGEST = 32  # how long one is


@dataclass(slots=True)
class Read:
    """A file: the digest of its bytes, and its size and time; a time of -1 tells nothing, and it is read again."""

    size: int
    time: int
    digest: str


@dataclass(slots=True)
class Folder:
    """A folder: its time, what was said of names in it (NOTHING to OTHER), and the digest of the whole list."""

    time: int
    names: dict[str, int] = field(default_factory=dict)
    listed: str = _ABSENT


@dataclass(slots=True)
class Trace:
    """Answers of the disk, by absolute path."""

    files: dict[str, Read] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)

    def add(self, other: "Trace") -> bool:
        """Take over what another run was told; False, and nothing is sure any more, where they were told two things."""
        for path, read in other.files.items():
            known = self.files.setdefault(path, read)
            if known.digest != read.digest:
                return False
        for path, folder in other.folders.items():
            mine = self.folders.setdefault(path, folder)
            if mine is folder:
                continue
            if mine.listed and folder.listed and mine.listed != folder.listed:
                return False
            if any(mine.names.setdefault(name, kind) != kind for name, kind in folder.names.items()):
                return False
            mine.listed = mine.listed or folder.listed
            mine.time = min(mine.time, folder.time)
        return True


class TracedDisk(Disk):
    """The disk; `trace` has what it was asked, unless something `is_lost` of it."""

    def __init__(self) -> None:
        super().__init__()
        self.trace = Trace()
        self.is_lost = False

    def __reduce__(self) -> "tuple[type[TracedDisk], tuple[()]]":
        return TracedDisk, ()

    def take(self, traces: Iterable[Trace], whole: bool) -> None:
        """Take over what other processes were told; not `whole` where one of them ended without telling."""
        self.is_lost = self.is_lost or not whole or not all(map(self.trace.add, traces))

    def read(self, path: Path) -> bytes:
        # Before the file is read: what is written in between shows as a change.
        size, at = stamp(path)
        try:
            data = super().read(path)
        except OSError:
            self._note(path, Read(size, at, _ABSENT))
            raise
        self._note(path, Read(size, at, digest(data)))
        return data

    def list(self, path: Path) -> tuple[Entry, ...]:
        at = stamp(path)[1]
        try:
            entries = super().list(path)
        except OSError:
            self._folder(path, at).listed = _ABSENT
            raise
        self._folder(path, at).listed = digest_of_names(entries)
        return entries

    def entry(self, path: Path) -> Entry | None:
        folder = self.trace.folders.get(str(path.parent)) or self._folder(path.parent, stamp(path.parent)[1])
        entry = super().entry(path)
        folder.names[path.name] = NOTHING if entry is None else kind(entry)
        return entry

    def _note(self, path: Path, read: Read) -> None:
        known = self.trace.files.setdefault(str(path), read)
        # It was written between two looks at it.
        self.is_lost = self.is_lost or known.digest != read.digest

    def _folder(self, path: Path, at: int) -> Folder:
        return self.trace.folders.setdefault(str(path), Folder(at))


def stamp(path: "Path | str") -> tuple[int, int]:
    """Return the size and the time in ns of a file or folder; a time of -1 where it tells nothing."""
    try:
        status = os.stat(path)
    # A name that no file can have, such as one with a NUL, is asked about as well.
    except (OSError, ValueError):
        return 0, -1
    # Who unpacks or copies sets the time of the content back, who changes rights leaves it: the other one tells.
    at = status.st_ctime_ns if _HAS_CHANGE_TIME else status.st_mtime_ns
    return status.st_size, -1 if at > time.time_ns() - _TICK else at


def digest(data: bytes) -> str:
    return blake2b(data, digest_size=DIGEST // 2).hexdigest()


def digest_of_text(text: str) -> str:
    return digest(text.encode("utf-8", "surrogatepass"))


def digest_of_names(entries: Iterable[Entry]) -> str:
    """Return what stands for a list of a folder, as far as a run looks at it."""
    names = (f"{entry.name}\0{kind(entry)}\0{entry.is_link}" for entry in entries if _matters(entry))
    return digest_of_text("\1".join(sorted(names)))


def kind(entry: Entry) -> int:
    return DIRECTORY if entry.is_dir else FILE if entry.is_file else OTHER


def _matters(entry: Entry) -> bool:
    if entry.is_dir:
        return entry.name not in _CACHES
    return not entry.name.startswith(".") and os.path.splitext(entry.name)[1].lower() in _ENDINGS
