"""Writes stubs.zip, whose reader is `async_lint.knowledge`."""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from async_lint.knowledge import ASYNCHRONOUS_NAMES, EITHER_NAMES, ORIGINS, PACKAGES, PLAIN_NAMES, STUBBED, WHEELS
from tools.entries import Entries, texts

_BLOCK = 128 * 1024  # bytes of text that are compressed together: a few modules, inflated in less than a millisecond
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SOMETHING = "(?:Coroutine|Awaitable|Future|Task|Async|_m_)"
_PLAIN_DEF = re.compile(r"(?:^|\n) *def (\w+)\(")
_ASYNC_DEF = re.compile(r"async def (\w+)\(")
_GIVES_SOMETHING = re.compile(rf"def (\w+)\([^\n]*\) -> [^\n]*{_SOMETHING}")
_IS_SOMETHING = re.compile(rf"(?:^|\n) *(\w+): [^\n]*{_SOMETHING}")


def write(
    output: Path,
    entries: Entries,
    every: Entries,
    stubbed: Iterable[str] = (),
    wheels: Iterable[str] = (),
    origins: Mapping[str, str] | None = None,
) -> None:
    """Write `entries`, and lists of the names of functions in `every`, those that were left out included.

    `wheels` is what they were made from, `origins` which of them a module's prefix belongs to.
    """
    plain, either = function_names(every)
    lists = {
        WHEELS: sorted(wheels),
        ORIGINS: sorted(f"{prefix}:{pin}" for prefix, pin in (origins or {}).items()),
        PACKAGES: sorted({module.partition(".")[0] for module in entries}),
        STUBBED: sorted(stubbed),
        PLAIN_NAMES: plain,
        EITHER_NAMES: either,
        ASYNCHRONOUS_NAMES: sorted(_giving(entries) - set(either)),
    }
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, found in lists.items():
            _add(archive, name, "\n".join(found))
        for first, text in blocks(entries):
            _add(archive, first, text)


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)


def line(module: str, entries: Entries) -> str:
    """Return the line that holds a module."""
    return f"{module}\t{json.dumps(entries[module], separators=(',', ':'), sort_keys=True)}\n"


def blocks(entries: Entries) -> Iterator[tuple[str, str]]:
    """Yield the lines in blocks, each under the name of its first module."""
    first, text = "", ""
    for module in sorted(entries):
        added = line(module, entries)
        if text and len(text) + len(added) > _BLOCK:
            yield first, text
            text = ""
        if not text:
            first = module
        text += added
    yield first, text


def function_names(entries: Entries) -> tuple[list[str], list[str]]:
    """Return the names that only plain functions have, and those that others have, too.

    The others give something to await, or an object that may be awaited.
    """
    plain: set[str] = set()
    for text in texts(entries).values():
        plain.update(name for name in _PLAIN_DEF.findall(text) if not name.startswith("_"))
    others = _giving(entries)
    return sorted(plain - others), sorted(plain & others)


def _giving(entries: Entries) -> set[str]:
    """Return the names of what gives something to await, or an object that may be awaited."""
    patterns = (_ASYNC_DEF, _GIVES_SOMETHING, _IS_SOMETHING)
    return {name for text in texts(entries).values() for pattern in patterns for name in pattern.findall(text)}
