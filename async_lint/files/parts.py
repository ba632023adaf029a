"""The files of a run divided into parts."""

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TypeVar

from async_lint.files.discovery import Found, Missing, Unreadable
from async_lint.files.ports import Files
from async_lint.files.shard import Shard

_Walked = TypeVar("_Walked", bound=Found | Missing | Unreadable)
# What a file costs whatever is in it, in bytes of source.
_EACH = 200


class Part:
    """The files of a shard, once the walk has been divided. `files` is asked how large they are.

    Neighbours stay together, for what is learnt of a package serves all its files, and each part has about as many
    bytes. So a file that is added moves only files at the borders between parts.
    """

    def __init__(self, shard: Shard, files: Files) -> None:
        self.shard = shard
        self._files = files
        self._paths: Collection[Path] = ()

    def of(self, walk: Sequence[_Walked]) -> list[_Walked]:
        """Return this part of all that was found; what cannot be checked at all is in every part."""
        weights = [self._size(found.absolute) + _EACH if isinstance(found, Found) else 0 for found in walk]
        number, count = self.shard
        total = sum(weights) or 1
        mine, before = [], 0
        for found, weight in zip(walk, weights, strict=True):
            # By its middle. In whole numbers, that every machine rounds alike.
            part = (2 * before + weight) * count // (2 * total)
            if isinstance(found, Missing) or min(part, count - 1) == number - 1:
                mine.append(found)
            before += weight
        self._paths = frozenset(found.absolute for found in mine if isinstance(found, Found))
        return mine

    def has(self, path: Path) -> bool:
        return Path(os.path.normpath(path)) in self._paths

    def _size(self, path: Path) -> int:
        try:
            # Git writes other line ends on another system.
            return len(self._files.read(path).replace(b"\r\n", b"\n"))
        except OSError:
            return 0
