"""What makes two processes find the same in the same files: this tool, what it stands on, and what it is told."""

import os
import sys
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from async_lint import __version__

# Other packages that decide what is found: trees and their text, patterns, versions.
_BENEATH = ("libcst", "packaging", "pathspec")

if TYPE_CHECKING:
    from async_lint.projects import Project


def key(*parts: object) -> str:
    """Return a short text that stands for all of the parts, which tell by their `repr` what they are."""
    text = "\0".join(map(repr, parts))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


@cache
def tool() -> str:
    """Return what stands for this very async-lint: who works on it has many of one version."""
    folder = Path(__file__).parent.parent
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
    python = sys.version, sys.platform, sys.prefix, sys.getrecursionlimit()
    return key(__version__, str(folder), newest, size, files, python, *map(_version, _BENEATH))


def _version(package: str) -> object:
    """Return what tells one installed version of a package from another, without importing it."""
    spec = find_spec(package)
    origin = spec.origin if spec else None
    try:
        status = os.stat(origin or "")
    # In an archive, or of no file at all.
    except OSError:
        return origin
    return origin, status.st_size, status.st_mtime_ns


def world(project: "Project") -> str:
    """Return what stands for a project with its settings."""
    # A baseline keeps back what was found; it is another file's business.
    config = replace(project.config, baseline=None)
    codes = [rule.code for rule in project.rules]
    return key(tool(), config, codes, sorted(project.settings.items()), project.extent, project.site_packages)
