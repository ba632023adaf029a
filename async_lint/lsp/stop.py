"""How work is given up whose result nobody waits for any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from async_lint.files.ports import Entry, Files


class Stopped(BaseException):
    """The work was given up. No Exception: a check takes those for defects of rules."""


class Stop:
    """Says to a thread that its work is not wanted any more."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self) -> None:
        self._asked = True

    def heed(self) -> None:
        """Raise Stopped if that was asked for."""
        if self._asked:
            raise Stopped


class StoppableFiles:
    """A tree of files that may be looked at only as long as the work goes on that was `begun`."""

    def __init__(self, below: Files) -> None:
        self._below = below
        self._stop: Stop | None = None

    @contextmanager
    def begun(self, stop: Stop) -> Iterator[None]:
        self._stop = stop
        try:
            yield
        finally:
            self._stop = None

    def read(self, path: Path) -> bytes:
        self._heed()
        return self._below.read(path)

    def list(self, path: Path) -> tuple[Entry, ...]:
        self._heed()
        return self._below.list(path)

    def entry(self, path: Path) -> Entry | None:
        self._heed()
        return self._below.entry(path)

    def is_file(self, path: Path) -> bool:
        self._heed()
        return self._below.is_file(path)

    def is_dir(self, path: Path) -> bool:
        self._heed()
        return self._below.is_dir(path)

    def _heed(self) -> None:
        if self._stop is not None:
            self._stop.heed()
