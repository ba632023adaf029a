"""What is known of the standard library and of published libraries: stubs, compressed, read a module at a time.

`stubs.zip` is made by `tools/build_knowledge.py`. Facts alone: names, kinds, types. Its members are blocks of lines, a
module a line, in the order of the modules' names; a block has the name of its first module.
"""

import json
import os
import zipfile
from bisect import bisect_right
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

# The members that are lists of words. `*` sorts before every module's name.
WHEELS = "*wheels"
ORIGINS = "*origins"
PACKAGES = "*packages"
STUBBED = "*stubbed"
PLAIN_NAMES = "*plain"
EITHER_NAMES = "*either"
ASYNCHRONOUS_NAMES = "*asynchronous"


class Stub(NamedTuple):
    """One module: `definitions` maps a name to the stub source that binds it, a statement each."""

    is_package: bool
    stars: tuple[str, ...]  # absolute modules of `from m import *`
    exports: tuple[str, ...] | None  # `__all__`
    definitions: dict[str, list[str]]


@cache
def _archive() -> zipfile.ZipFile | None:
    file = resources.files(__name__).joinpath("stubs.zip")
    try:
        return zipfile.ZipFile(file.open("rb"))
    except FileNotFoundError:
        return None


# A file that is open in two processes has one position for both.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_archive.cache_clear)


@cache
def _blocks() -> list[str]:
    archive = _archive()
    return sorted(archive.namelist()) if archive else []


@lru_cache(maxsize=4)  # modules of one package are asked for together
def _text(block: str) -> bytes:
    archive = _archive()
    # A newline before the first line: every module's name is then found between one and a tab.
    return b"\n" + archive.read(block) if archive else b""


# An editor's server has several projects, and each of them asks for `builtins`. Nobody writes to what is shared.
@lru_cache(maxsize=64)
def read(module: str) -> Stub | None:
    """Return what is known of a module by its absolute name, or None."""
    # Most modules that are asked for are the project's own: no block is inflated for them.
    if module.partition(".")[0] not in packages():
        return None
    text = _text(_blocks()[bisect_right(_blocks(), module) - 1])
    mark = f"\n{module}\t".encode()
    start = text.find(mark)
    if start < 0:
        return None
    start += len(mark)
    data = json.loads(text[start : text.index(b"\n", start)])
    exports = data["exports"]
    return Stub(data["package"], tuple(data["stars"]), None if exports is None else tuple(exports), data["definitions"])


def forget_blocks() -> None:
    """Let go of the texts that were inflated last, and of the modules read from them."""
    _text.cache_clear()
    read.cache_clear()


def modules() -> list[str]:
    """Return the names of all modules: every block is read for that."""
    lines = (line for block in _blocks() if not block.startswith("*") for line in _text(block).split(b"\n"))
    return [line.partition(b"\t")[0].decode() for line in lines if line]


def wheels() -> frozenset[str]:
    """Return the wheels that it was made from: `redis==8.1.0`."""
    return _words(WHEELS)


def origin(module: str) -> tuple[str, str] | None:
    """Return the distribution that a module is of, and its version: `("redis", "8.1.0")`.

    A stub package's modules are of what they describe. None for the standard library.
    """
    parts = module.split(".")
    prefixes = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((_origins()[prefix] for prefix in prefixes if prefix in _origins()), None)


@cache
def _origins() -> dict[str, tuple[str, str]]:
    pairs = (word.split(":") for word in _words(ORIGINS))
    return {prefix: (pin.partition("==")[0], pin.partition("==")[2]) for prefix, pin in pairs}


@cache
def packages() -> frozenset[str]:
    """Return the top-level names of which something is known."""
    return _words(PACKAGES)


@cache
def stubbed() -> frozenset[str]:
    """Return the packages that are known from stub packages: their source says less than that."""
    return _words(STUBBED)


@cache
def plain_names() -> frozenset[str]:
    """Return the names that only functions have which give nothing to await, wherever they are defined."""
    return _words(PLAIN_NAMES)


@cache
def synchronous_names() -> frozenset[str]:
    """Return the names that some function or method of the standard library or a library has that is no `async def`."""
    return plain_names() | _words(EITHER_NAMES)


@cache
def asynchronous_names() -> frozenset[str]:
    """Return the names of what gives something to await, somewhere in the standard library or in a library."""
    return _words(ASYNCHRONOUS_NAMES) | _words(EITHER_NAMES)


def _words(member: str) -> frozenset[str]:
    archive = _archive()
    return frozenset(archive.read(member).decode().split()) if archive else frozenset()
