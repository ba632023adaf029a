"""What a person at a terminal sees of a run that takes more than a moment: a bar, gone when the run ends."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from async_lint.report import Report

# Slow to import, and of no use to a run that is quick or whose output goes to a file.
if TYPE_CHECKING:
    from rich.progress import Progress as Bar

# Seconds, after which who waits for others has the time that is left told anew.
LOOK = 0.5
_AFTER = 1.0  # seconds
_EVERY = 0.1


class Progress:
    """Counts files and findings; `stream` is the terminal that shows them, None for nobody who looks on.

    There is no thread that draws: processes that are begun meanwhile are copies of this one.
    """

    def __init__(self, stream: TextIO | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._began = self._drawn = clock()
        self._bar: Bar | None = None
        self._files = self._done = self._findings = 0

    def begin(self, files: int) -> None:
        """Say how many files there are."""
        self._files = files

    def add(self, report: Report) -> None:
        """Count a file that was checked."""
        self._done += 1
        self._findings += len(report.diagnostics)
        self.tick()

    def tick(self) -> None:
        """Draw what is so by now, if it is time to; to be called every now and then."""
        if self._stream is None:
            return
        now = self._clock()
        if self._bar is None:
            if now - self._began < _AFTER or not self._files:
                return
            self._show(self._stream)
        elif now - self._drawn < _EVERY:
            return
        self._draw(now)

    def expect(self) -> None:
        """Draw it from now on: the run will take more than a moment."""
        if self._stream is not None and self._bar is None and self._files:
            self._show(self._stream)
            self._draw(self._clock())

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        self._stream = None

    def _show(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("files, {task.fields[findings]} found,"),
            TimeRemainingColumn(),
            TextColumn("left"),
        )
        console = Console(file=stream)
        self._bar = Bar(
            *columns,
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            get_time=self._clock,
        )
        self._bar.add_task("", total=self._files, completed=self._done, findings=self._findings)
        self._bar.start()

    def _draw(self, now: float) -> None:
        assert self._bar is not None
        self._drawn = now
        self._bar.update(self._bar.task_ids[0], completed=self._done, findings=self._findings, refresh=True)


UNSEEN = Progress(None)
