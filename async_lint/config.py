"""`[tool.async-lint]` and the layout of a project, to a frozen `Config`.

Rule codes and rule options are not judged here: a rule owns its options, so the registry does.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from async_lint.config_error import ConfigError
from async_lint.files.ports import Files
from async_lint.files.signs import PYPROJECT
from async_lint.keys import KEYS, LAYOUT_KEYS, Key
from async_lint.metadata import runs_on_python_2
from async_lint.model import Severity
from async_lint.python_versions import OLDEST_TARGET, lower_bound

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

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
    severity: tuple[tuple[str, Severity], ...] = ()
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

    `target-version` falls back to the lower bound of `requires-python` in the root's pyproject.toml, and where that
    says nothing to Python 2 if a setup.cfg or what an installer wrote says that the project runs on it.
    Raises ConfigError for a file that cannot be read or parsed and for a value of the wrong type.
    """
    root, file, extent = place
    project = _document(root / PYPROJECT, files, strict=False) if files.is_file(root / PYPROJECT) else {}
    bound = lower_bound(project) or (OLDEST_TARGET if runs_on_python_2(root, files) else None)
    config = Config(root, file, target_version=bound or DEFAULT_TARGET)
    if extent is not None and extent.folder != root:
        # A folder `src` beside a package, in nobody knows whose folder, is a stranger's.
        config = replace(config, src=(".",))
    if file is None:
        return config
    values: dict[str, Any] = {}
    options: dict[str, object] = {}
    for key, value in _table(file, files).items():
        known = KEYS.get(key)
        if isolated and key not in LAYOUT_KEYS:
            continue
        if known is None:
            options[key] = value
        else:
            read = known.read(Key(file, key), value)
            values[key.replace("-", "_")] = root / read if isinstance(read, Path) else read
    return replace(config, options=options, **values)


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
            raise Key(file, "tool.async-lint").error("a table", table)
        return table
    if file.name == PYPROJECT:
        raise ConfigError(f"{file}: there is no [tool.async-lint] table in it")
    return document
