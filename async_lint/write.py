"""Put new bytes in a file's place, whole or not at all."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from async_lint.ports import read_regular


class ChangedError(Exception):
    """The file is not what was read any more. Nothing was written."""


def write(path: Path, expected: bytes, data: bytes) -> None:
    """Replace a file that still holds `expected`; a link stays a link, the mode is kept.

    Raises ChangedError, or OSError when the file or its folder cannot be written.
    """
    if data == expected:
        return
    # Replacing the link itself would leave its target as it was.
    target = path.resolve(strict=True)
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "the file is read-only", str(path))
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, temporary)
        # Last of all, so that little time is left for somebody to come between.
        if read_regular(target) != expected:
            raise ChangedError("the file changed since it was read")
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
