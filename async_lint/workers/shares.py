"""Files divided among workers: neighbours go to the same one, for what is learnt of a package serves all its files."""

import os
from collections import deque
from collections.abc import Iterator, Sequence

from async_lint.files.discovery import Found

# What a worker is handed at a time, in bytes of source: a tenth of a second of work.
_CHUNK = 64_000
# A chunk that is a larger part than this of a worker's share is begun first, so that nobody waits for it at the end.
_LARGE = 1 / 8

Chunk = tuple[int, ...]


class Shares:
    """The numbers of files, in chunks, a share for each worker; who has done its share takes from the largest left."""

    def __init__(self, sizes: Sequence[int], workers: int) -> None:
        self._sizes = sizes
        each = sum(sizes) / workers
        self._shares: list[deque[Chunk]] = [deque() for _ in range(workers)]
        done = 0
        for chunk in chunks(sizes):
            size = self._size(chunk)
            share = self._shares[min(int(done / each), workers - 1) if each else 0]
            if size > each * _LARGE:
                share.appendleft(chunk)
            else:
                share.append(chunk)
            done += size

    def take(self, worker: int) -> Chunk:
        """Return the next files for a worker; nothing when all are taken."""
        if self._shares[worker]:
            return self._shares[worker].popleft()
        largest = max(self._shares, key=lambda share: sum(map(self._size, share)))
        # From its end: the other worker knows the beginning.
        return largest.pop() if largest else ()

    def give_back(self, worker: int, chunk: Chunk) -> None:
        """Put files in front of a worker's share: they were taken, and are still to be done."""
        self._shares[worker].appendleft(chunk)

    def _size(self, chunk: Chunk) -> int:
        return sum(self._sizes[number] for number in chunk)


def size_of(found: Found) -> int:
    """Return the size of a file in bytes; 0 where it cannot be told."""
    try:
        return os.path.getsize(found.absolute)
    except OSError:
        return 0


def chunks(sizes: Sequence[int]) -> Iterator[Chunk]:
    """Yield the numbers of files of these sizes, some at a time."""
    chunk: list[int] = []
    total = 0
    for number, size in enumerate(sizes):
        chunk.append(number)
        total += size
        if total >= _CHUNK:
            yield tuple(chunk)
            chunk, total = [], 0
    if chunk:
        yield tuple(chunk)
