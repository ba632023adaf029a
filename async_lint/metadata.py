"""What a project without a word in its pyproject.toml says of Python 2: in its setup.cfg, or where it was unpacked."""

import configparser
from pathlib import Path
from typing import NamedTuple

from async_lint.files.ports import Files
from async_lint.files.wheels import unpacked
from async_lint.python_versions import oldest


class _Said(NamedTuple):
    requires_python: str
    classifiers: list[str]


def runs_on_python_2(root: Path, files: Files) -> bool:
    said = _of_setup(root / "setup.cfg", files) if files.is_file(root / "setup.cfg") else _unpacked(root, files)
    bound = oldest(said.requires_python, said.classifiers) if said else None
    return bound is not None and bound < (3, 0)


def _of_setup(path: Path, files: Files) -> _Said | None:
    # Raw: a `%` in a value, as in a URL, is nothing but that.
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(_text(path, files))
    except configparser.Error:
        return None
    classifiers = parser.get("metadata", "classifiers", fallback="")
    return _Said(parser.get("options", "python_requires", fallback=""), classifiers.splitlines())


def _unpacked(root: Path, files: Files) -> _Said | None:
    message = unpacked(root, files)
    return _Said(message.get("Requires-Python", ""), message.get_all("Classifier", [])) if message else None


def _text(path: Path, files: Files) -> str:
    try:
        return files.read(path).decode("utf-8", "replace")
    except OSError:
        return ""
