"""What is known of the standard library and of published libraries: stubs, compressed, read a module at a time.

`stubs.zip` holds one JSON entry a module; `tools/build_knowledge.py` makes it. Facts alone: names, kinds, types.
"""

import json
import zipfile
from functools import cache
from importlib import resources
from typing import NamedTuple

# The entries that are no modules.
SYNCHRONOUS_NAMES = "*synchronous"
PLAIN_NAMES = "*plain"


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


def read(module: str) -> Stub | None:
    """Return what is known of a module by its absolute name, or None."""
    archive = _archive()
    try:
        data = json.loads(archive.read(module)) if archive else None
    except KeyError:
        return None
    if data is None:
        return None
    exports = data.get("exports")
    return Stub(data["package"], tuple(data["stars"]), None if exports is None else tuple(exports), data["definitions"])


@cache
def synchronous_names() -> frozenset[str]:
    """Return the names that some function or method of the standard library or a library has that is no `async def`."""
    return _names(SYNCHRONOUS_NAMES)


@cache
def plain_names() -> frozenset[str]:
    """Return the names that only functions have which give nothing to await, wherever they are defined."""
    return _names(PLAIN_NAMES)


def _names(entry: str) -> frozenset[str]:
    archive = _archive()
    try:
        return frozenset(archive.read(entry).decode().split()) if archive else frozenset()
    except KeyError:
        return frozenset()
