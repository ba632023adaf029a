"""`[tool.async-lint]` and the layout of a project, to a frozen `Config`.

Rule codes and rule options are not judged here: a rule owns its options, so the registry does.
"""

import difflib
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from async_lint.config_error import ConfigError
from async_lint.files.ports import Files
from async_lint.python_versions import NEWEST_TARGET, OLDEST_TARGET, lower_bound

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOML_NAME = "async-lint.toml"
PYPROJECT = "pyproject.toml"
DEFAULT_TARGET = (3, 10)
DEFAULT_SRC = (".", "src")
DEFAULT_EXCLUDE = (
    ".async_lint_cache", ".bzr", ".direnv", ".eggs", ".git", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox",
    ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", "__pycache__", "__pypackages__", "_build",
    "build", "dist", "node_modules", "site-packages", "venv",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one project.

    `root` is absolute; `exclude`, `extend_exclude` and the patterns of `per_file_ignores` are written as in
    .gitignore and relative to it, `src` are paths relative to it. `options` holds every key that is not one of the
    above, for the registry to validate. `file` is None when no settings were found.
    """

    root: Path
    file: Path | None = None
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    src: tuple[str, ...] = DEFAULT_SRC
    target_version: tuple[int, int] = DEFAULT_TARGET
    python: Path | None = None
    baseline: Path | None = None
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How a message calls the place the settings came from."""
        return str(self.file) if self.file else "command line"


class Extent(NamedTuple):
    """A folder whose files are a project, `deep` with those of the folders in it."""

    folder: Path
    deep: bool


class Place(NamedTuple):
    """Where a project is: its root, the file with its settings when there is one, and what else is not all of it.

    Modules are named from the root. Where no settings and no marker say that the root is the project's own, the
    project is no more than `extent`; else all that lies under the root.
    """

    root: Path
    file: Path | None
    extent: Extent | None = None


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says; None or empty leaves the settings alone.

    `select` stands alone: it replaces the four selecting keys of the settings. `ignore` replaces `ignore`.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    python: Path | None = None
    baseline: Path | None = None

    def apply(self, config: Config) -> Config:
        if self.select is not None:
            config = replace(config, select=self.select, extend_select=(), ignore=(), extend_ignore=())
        if self.ignore is not None:
            config = replace(config, ignore=self.ignore)
        return replace(
            config,
            extend_select=config.extend_select + self.extend_select,
            extend_ignore=config.extend_ignore + self.extend_ignore,
            python=self.python or config.python,
            baseline=self.baseline or config.baseline,
        )


def load(place: Place, files: Files, isolated: bool = False) -> Config:
    """Parse the settings at `place`. `isolated` keeps the layout (`src`, `python`) and drops the rest.

    `target-version` falls back to the lower bound of `requires-python` in the root's pyproject.toml.
    Raises ConfigError for a file that cannot be read or parsed and for a value of the wrong type.
    """
    root, file, extent = place
    project = _document(root / PYPROJECT, files, strict=False) if files.is_file(root / PYPROJECT) else {}
    bound = lower_bound(project)
    config = Config(root, file, target_version=bound or DEFAULT_TARGET)
    if extent is not None and extent.folder != root:
        # A folder `src` beside a package, in nobody knows whose folder, is a stranger's.
        config = replace(config, src=(".",))
    if file is None:
        return config
    values: dict[str, Any] = {}
    options: dict[str, object] = {}
    for key, value in _table(file, files).items():
        parser = KEYS.get(key)
        if isolated and key not in LAYOUT_KEYS:
            continue
        if parser is None:
            options[key] = value
        else:
            values[key.replace("-", "_")] = parser(_Key(file, key), value)
    for key in ("python", "baseline"):
        if isinstance(path := values.get(key), Path):
            values[key] = root / path
    return replace(config, options=options, **values)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a clause that names the known word nearest to `word`, empty when none is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean `{close[0]}`?" if close else ""


class _Key(NamedTuple):
    file: Path
    name: str

    def error(self, expected: str, value: object) -> ConfigError:
        return ConfigError(f"{self.file}: `{self.name}` must be {expected}, not {toml_type(value)}")


def toml_type(value: object) -> str:
    """Return how TOML calls the type of `value`, with its article."""
    names = {bool: "a boolean", int: "an integer", float: "a float", str: "a string", list: "an array", dict: "a table"}
    return names.get(type(value), "a date or time")


def _strings(key: _Key, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise key.error("an array of strings", value)
    for item in value:
        if not isinstance(item, str):
            raise key.error("an array of strings", item)
    return tuple(value)


def _ignores(key: _Key, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise key.error("a table of arrays of strings", value)
    return tuple(
        (pattern, _strings(_Key(key.file, f"{key.name}.{pattern}"), codes)) for pattern, codes in value.items()
    )


def _version(key: _Key, value: object) -> tuple[int, int]:
    if not isinstance(value, str):
        raise key.error('a string such as "3.11"', value)
    # `py311` is how the settings of formatters and other linters write it.
    match = re.fullmatch(r"(?:py)?([0-9])(?:\.?([0-9]{1,2}))?", value.strip())
    if match is None or match[2] is None:
        raise ConfigError(f'{key.file}: `{key.name}` must be a Python version such as "3.11" or "py311", not "{value}"')
    version = int(match[1]), int(match[2])
    if not OLDEST_TARGET <= version <= NEWEST_TARGET:
        oldest, newest = (".".join(map(str, bound)) for bound in (OLDEST_TARGET, NEWEST_TARGET))
        raise ConfigError(f'{key.file}: `{key.name}` must be a version from "{oldest}" to "{newest}", not "{value}"')
    return version


def _path(key: _Key, value: object) -> Path:
    if not isinstance(value, str):
        raise key.error("a string", value)
    if not value.strip() or "\0" in value:
        wrong = "has a NUL character in it" if value.strip() else "is empty"
        raise ConfigError(f"{key.file}: `{key.name}` must be the path of {_PATHS[key.name]}, but {wrong}")
    return Path(os.path.expanduser(value))


_PATHS = {"python": "an interpreter or environment", "baseline": "a file"}

KEYS: Mapping[str, Callable[[_Key, object], object]] = {
    "select": _strings,
    "extend-select": _strings,
    "ignore": _strings,
    "extend-ignore": _strings,
    "extend-safe-fixes": _strings,
    "extend-unsafe-fixes": _strings,
    "exclude": _strings,
    "extend-exclude": _strings,
    "per-file-ignores": _ignores,
    "src": _strings,
    "target-version": _version,
    "python": _path,
    "baseline": _path,
}
LAYOUT_KEYS = frozenset({"src", "python"})


def has_table(file: Path, files: Files) -> bool:
    """Whether a pyproject.toml has settings for this tool. Raises ConfigError when it seems to and cannot be parsed."""
    # A search is cheaper than parsing, and what is broken and does not speak of us must not stop the run.
    try:
        if b"async-lint" not in files.read(file):
            return False
    except OSError:
        return False
    tool = _document(file, files, strict=True).get("tool")
    return isinstance(tool, dict) and "async-lint" in tool


def _document(file: Path, files: Files, strict: bool) -> dict[str, object]:
    try:
        return tomllib.loads(files.read(file).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        # A pyproject.toml without settings for this tool is somebody else's to complain about.
        if not strict:
            return {}
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(f"{file}: cannot be read as TOML: {reason}") from error


def _table(file: Path, files: Files) -> Mapping[str, object]:
    document = _document(file, files, strict=True)
    tool = document.get("tool")
    # async-lint.toml may have the table too, as it stands in a pyproject.toml.
    if isinstance(tool, dict) and "async-lint" in tool:
        table = tool["async-lint"]
        if not isinstance(table, dict):
            raise _Key(file, "tool.async-lint").error("a table", table)
        return table
    if file.name == PYPROJECT:
        raise ConfigError(f"{file}: there is no [tool.async-lint] table in it")
    return document
