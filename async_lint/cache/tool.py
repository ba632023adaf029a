"""What stands for this very async-lint: what an installer wrote down of it, or, for who works on it, its files."""

import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from async_lint import __version__
from async_lint.cache.trace import digest, digest_of_text

# Other packages that decide what is found: trees and their text, patterns, versions.
_BENEATH = ("libcst", "packaging", "pathspec")


@cache
def tool() -> str:
    """Return a short text that is another one for whatever may find something else.

    A machine of a CI service installs everything anew: times tell nothing there.
    """
    folder = Path(__file__).parent.parent
    python = sys.version, sys.platform, sys.prefix, sys.getrecursionlimit()
    told = __version__, str(folder), python, _own(folder), *map(_installed, _BENEATH)
    return digest_of_text(repr(told))


def _own(folder: Path) -> object:
    newest, size, files = 0, 0, 0
    open_folders = [str(folder)]
    while open_folders:
        with os.scandir(open_folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    open_folders.append(entry.path)
                elif entry.name.endswith((".py", ".toml", ".zip")):
                    status = entry.stat()
                    newest, size, files = max(newest, status.st_mtime_ns), size + status.st_size, files + 1
    record, written = _record(folder)
    # An installer writes its record last: what is newer was changed by hand.
    return record if newest <= written else (newest, size, files)


def _installed(package: str) -> object:
    """Return what tells one installed version of a package from another, without importing it."""
    spec = find_spec(package)
    origin = spec.origin if spec else None
    if origin is None:
        return None
    record, _ = _record(Path(origin).parent)
    try:
        return record or os.stat(origin).st_mtime_ns
    # In an archive, or of no file at all.
    except OSError:
        return origin


def _record(package: Path) -> tuple[str, int]:
    """Return the digest of what an installer wrote down of a package, and when; nothing and -1 where none did.

    The record has a digest of every file.
    https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    """
    try:
        names = os.listdir(package.parent)
        for name in names:
            if name.startswith(f"{package.name}-") and name.endswith(".dist-info"):
                record = package.parent / name / "RECORD"
                text = record.read_bytes()
                if f"{package.name}/__init__.py,".encode() in text:
                    return digest(text), record.stat().st_mtime_ns
    except OSError:
        pass
    return "", -1
