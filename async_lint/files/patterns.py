"""Patterns of .gitignore's language: which paths they match, and what is wrong with one."""

import re
import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pathspec import GitIgnoreSpec

# As `pathspec` writes them: `*` within a name, `**` between folders, and the group that a folder on the way matches.
_STAR, _FOLDERS, _WAY = "[^/]*", "(?:/.+)?", "ps_d"
_ANYWHERE = "^(?:.+/)?"


class _Pattern(NamedTuple):
    """What a pattern matches; `include` is False for one that takes back what an earlier one matched."""

    regex: "re.Pattern[str]"
    include: bool


class Patterns:
    """Patterns relative to `base`; the last one that matches a path decides. A wrong one matches nothing, as in git."""

    def __init__(self, base: Path, patterns: Iterable[str]) -> None:
        self.base = base
        self._last_first = [compiled for pattern in patterns if (compiled := _compiled(pattern))][::-1]

    def decides(self, path: Path, is_dir: bool) -> bool | None:
        """Return True when `path` matches, False when a later `!pattern` takes it back, None when nothing matches."""
        try:
            relative = path.relative_to(self.base).as_posix()
        except ValueError:
            return None
        if is_dir:
            relative += "/"
        by_folder: bool | None = None
        for regex, include in self._last_first:
            match = regex.search(relative)
            if match is None:
                continue
            if not (_WAY in regex.groupindex and match[_WAY]):
                return include
            # A pattern of the path itself stands over one of a folder that it lies in.
            by_folder = include if by_folder is None else by_folder
        return by_folder

    def match(self, path: Path, is_dir: bool = False) -> bool:
        """Whether `path`, or a folder that it lies in, matches."""
        return bool(self.decides(path, is_dir))


def fault(pattern: str) -> str:
    """Return why a pattern can match nothing, as a clause that begins with a verb; empty when it can."""
    bare = pattern.strip().removeprefix("!")
    if not bare.strip("/"):
        return "names nothing"
    if pattern.startswith("#"):
        return "is a comment in a .gitignore; write `\\#` for a name that begins with `#`"
    if {".", ".."} & set(bare.split("/")):
        inside = "/".join(part for part in bare.split("/") if part != ".")
        hint = "" if ".." in inside.split("/") else f"; write `/{inside.lstrip('/')}`"
        return f"has a `.` or `..` in it, and is compared with names below the root{hint}"
    return _class_fault(pattern) or ("" if _compiled(pattern) else "is not a pattern of .gitignore's language")


def _class_fault(pattern: str) -> str:
    at = 0
    while at < len(pattern):
        if pattern[at] == "[":
            end = _class_end(pattern, at)
            if end is None:
                return "has a `[` without its `]`; write `\\[` for a name that has a `[` in it"
            for low, high in re.findall(r"([^\\])-([^\\\]])", pattern[at + 1 : end]):
                if low > high:
                    return f"has the range `{low}-{high}`, which runs backwards; write `{high}-{low}`"
            at = end
        at += 2 if pattern[at] == "\\" else 1
    return "ends with a lone backslash" if at > len(pattern) else ""


def _class_end(pattern: str, start: int) -> int | None:
    """Return where the `]` of a character class stands; a first one belongs to the class, and no `/` does."""
    at = start + 1
    at += pattern[at : at + 1] in ("!", "^")
    at += pattern[at : at + 1] == "]"
    while at < len(pattern) and pattern[at] not in "]/":
        named = re.compile(r"\[:[a-z]+:\]").match(pattern, at)
        at = named.end() if named else at + (2 if pattern[at] == "\\" else 1)
    return at if pattern[at : at + 1] == "]" else None


# Projects share the default excludes, and many a .gitignore has the same lines.
@cache
def _compiled(pattern: str) -> _Pattern | None:
    if _class_fault(pattern):
        return None
    try:
        with warnings.catch_warnings():
            # `[a&&b]` is a set of three characters, whatever Python may make of it some day.
            warnings.simplefilter("ignore", FutureWarning)
            for parsed in GitIgnoreSpec.from_lines([pattern]).patterns:
                regex, include = getattr(parsed, "regex", None), parsed.include
                if regex is not None and include is not None:
                    return _Pattern(re.compile(_without_retries(regex.pattern)), include)
    except (ValueError, re.error, OverflowError, RecursionError):
        pass
    return None


def _without_retries(regex: str) -> str:
    """Return an equal expression in which all wildcards but the last take the first fit that they find, and keep it.

    What follows a wildcard up to the next one has one length, so a later fit could not match more; trying them all
    takes a time that grows with a power of the name's length, and a repository's .gitignore is anybody's.
    """
    first, *parts = regex.split(_STAR)
    for number, part in enumerate(parts, 1):
        in_name = number < len(parts) and "/" not in part.replace("[^/]", "")
        first += _keeping(f"s{number}", f"{_STAR}?{part}") if in_name else _STAR + part
    first, *parts = first.split(_FOLDERS)
    if parts and first.startswith(_ANYWHERE):
        first = "^" + _keeping("d0", f"(?:.+?/)??{first.removeprefix(_ANYWHERE)}(?=/)")
    for number, part in enumerate(parts, 1):
        first += _keeping(f"d{number}", f"(?:/.+?)??{part}(?=/)") if number < len(parts) else _FOLDERS + part
    return first


def _keeping(group: str, regex: str) -> str:
    # An atomic group, which Python knows only since 3.11.
    return f"(?=(?P<{group}>{regex}))(?P={group})"
