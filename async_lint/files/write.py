"""Put new bytes in a file's place, whole or not at all."""

import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from async_lint.files.ports import read_regular

_SUFFIX = ".async-lint.tmp"
# What `mkstemp` makes of the name below, and nobody else.
_LEFTOVER = re.compile(r"\..+\.[a-z0-9_]{8}\.async-lint\.tmp", re.DOTALL)
# A run that has just begun writing is not disturbed.
_ABANDONED_AFTER = 60


class LeftAloneError(Exception):
    """Nothing was written: the file changed since it was read, or a replacement would part it from its hard links."""


def write(path: Path, expected: bytes, data: bytes) -> None:
    """Replace a file that still holds `expected`; a link stays a link, mode and owner are kept.

    Raises LeftAloneError, or OSError when the file or its folder cannot be written.
    """
    if data == expected:
        return
    # Replacing the link itself would leave its target as it was.
    target = path.resolve(strict=True)
    status = target.stat()
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "the file is read-only", str(path))
    if status.st_nlink > 1:
        # Writing through it could not be taken back half-way, and might reach a package manager's store.
        raise LeftAloneError(f"the file has {status.st_nlink} hard links, which a replacement would part")
    with _replacement(target, data, durable=True) as temporary:
        _keep_owner(temporary, status)
        # After the owner, for a change of owner takes set-user-ID bits away.
        shutil.copymode(target, temporary)
        # Last of all, so that little time is left for somebody to come between.
        if read_regular(target) != expected:
            raise LeftAloneError("the file changed since it was read")


def put(path: Path, data: bytes) -> None:
    """Write a file that is this tool's own, such as a report: whole or not at all. Raises OSError.

    What is there already and no regular file, such as a pipe, is written to.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    target = path.resolve()
    with _replacement(target, data) as temporary:
        # `mkstemp` lets nobody else read it; a report is for whoever could read one written without it.
        os.chmod(temporary, target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())


@contextmanager
def _replacement(target: Path, data: bytes, durable: bool = False) -> Iterator[str]:
    """Yield the name of a file that holds `data`, to take the place of `target`; it is removed where that fails."""
    # File systems limit names by bytes.
    stem = os.fsencode(target.name)[:100].decode("utf-8", "ignore")
    descriptor, temporary = tempfile.mkstemp(prefix=f".{stem}.", suffix=_SUFFIX, dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                # Else a machine that goes down may leave the file's name with nothing behind it.
                os.fsync(file.fileno())
        yield temporary
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    # Python has no way to read it without setting it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def remove_leftovers(files: Iterable[Path]) -> None:
    """Remove what runs that were killed while they wrote have left beside `files`, once it is older than a minute."""
    for folder in {os.path.dirname(os.path.realpath(file)) for file in files}:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if _LEFTOVER.fullmatch(entry.name):
                    _remove_abandoned(entry)


def _remove_abandoned(entry: "os.DirEntry[str]") -> None:
    with suppress(OSError):
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > _ABANDONED_AFTER:
            os.unlink(entry)


def _keep_owner(temporary: str, status: os.stat_result) -> None:
    mine = os.stat(temporary)
    if (mine.st_uid, mine.st_gid) != (status.st_uid, status.st_gid):
        # Whoever may not give files away keeps what they wrote.
        with suppress(OSError):
            os.chown(temporary, status.st_uid, status.st_gid)
