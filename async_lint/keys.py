"""The keys that settings may have, beside the options of rules: how a value is read, and what it means."""

import difflib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from async_lint.config_error import ConfigError
from async_lint.model import Severity
from async_lint.python_versions import NEWEST_TARGET, OLDEST_TARGET

SEVERITIES = tuple(severity.value for severity in Severity)
# `py311` is how the settings of formatters and other linters write it.
VERSION = r"(?:py)?([0-9])(?:\.?([0-9]{1,2}))?"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a clause that names the known word nearest to `word`, empty when none is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean `{close[0]}`?" if close else ""


class Key(NamedTuple):
    file: Path
    name: str

    def error(self, expected: str, value: object) -> ConfigError:
        return ConfigError(f"{self.file}: `{self.name}` must be {expected}, not {toml_type(value)}")


def toml_type(value: object) -> str:
    """Return how TOML calls the type of `value`, with its article."""
    names = {bool: "a boolean", int: "an integer", float: "a float", str: "a string", list: "an array", dict: "a table"}
    return names.get(type(value), "a date or time")


def strings(key: Key, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise key.error("an array of strings", value)
    for item in value:
        if not isinstance(item, str):
            raise key.error("an array of strings", item)
    return tuple(value)


def ignores(key: Key, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise key.error("a table of arrays of strings", value)
    return tuple((pattern, strings(Key(key.file, f"{key.name}.{pattern}"), codes)) for pattern, codes in value.items())


def severities(key: Key, value: object) -> tuple[tuple[str, Severity], ...]:
    if not isinstance(value, dict):
        raise key.error("a table of strings", value)
    return tuple(
        (selector, _severity(Key(key.file, f"{key.name}.{selector}"), each)) for selector, each in value.items()
    )


def _severity(key: Key, value: object) -> Severity:
    if not isinstance(value, str):
        raise key.error("a string", value)
    if value not in SEVERITIES:
        known = ", ".join(f'"{each}"' for each in SEVERITIES)
        raise ConfigError(f'{key.file}: `{key.name}` must be one of {known}, not "{value}"')
    return Severity(value)


def version(key: Key, value: object) -> tuple[int, int]:
    if not isinstance(value, str):
        raise key.error('a string such as "3.11"', value)
    match = re.fullmatch(VERSION, value.strip())
    if match is None or match[2] is None:
        raise ConfigError(f'{key.file}: `{key.name}` must be a Python version such as "3.11" or "py311", not "{value}"')
    target = int(match[1]), int(match[2])
    if not OLDEST_TARGET <= target <= NEWEST_TARGET:
        oldest, newest = (".".join(map(str, bound)) for bound in (OLDEST_TARGET, NEWEST_TARGET))
        raise ConfigError(f'{key.file}: `{key.name}` must be a version from "{oldest}" to "{newest}", not "{value}"')
    return target


def path(key: Key, value: object) -> Path:
    if not isinstance(value, str):
        raise key.error("a string", value)
    if not value.strip() or "\0" in value:
        wrong = "has a NUL character in it" if value.strip() else "is empty"
        raise ConfigError(f"{key.file}: `{key.name}` must be the path of {_PATHS[key.name]}, but {wrong}")
    return Path(os.path.expanduser(value))


_PATHS: Mapping[str, str] = {"python": "an interpreter or environment", "baseline": "a file"}


class Setting(NamedTuple):
    """A key of the settings: how its value is read, and what it means, for who edits the settings."""

    read: Callable[[Key, object], object]
    help: str


KEYS: Mapping[str, Setting] = {
    "select": Setting(strings, "the rules to check"),
    "extend-select": Setting(strings, "rules to check as well"),
    "ignore": Setting(strings, "rules to leave out"),
    "extend-ignore": Setting(strings, "rules to leave out as well"),
    "extend-safe-fixes": Setting(strings, "rules whose unsafe fixes `--fix` takes as safe"),
    "extend-unsafe-fixes": Setting(strings, "rules whose safe fixes `--fix` leaves alone without `--unsafe-fixes`"),
    "exclude": Setting(strings, "what is not walked into, instead of the default"),
    "extend-exclude": Setting(strings, "what is not walked into as well"),
    "per-file-ignores": Setting(ignores, "rules to leave out in the files that a pattern matches"),
    "severity": Setting(severities, "how much the findings of rules weigh: `error`, `warning` or `info`"),
    "src": Setting(
        strings,
        "folders that modules are imported from, relative to the root; `*` stands for one name, as in `packages/*/src`",
    ),
    "target-version": Setting(
        version, 'the oldest Python that the code runs on: `"3.11"` or `"py311"`; fixes use nothing newer'
    ),
    "python": Setting(path, "the interpreter or virtual environment whose packages the project uses"),
    "baseline": Setting(path, "the file of findings that are accepted for now"),
}
LAYOUT_KEYS = frozenset({"src", "python"})
