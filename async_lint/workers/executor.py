"""Files checked by several processes, where there are enough of them."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from async_lint.cache.trace import TracedDisk
from async_lint.config_error import ConfigError
from async_lint.engine import one_by_one
from async_lint.file_run import Request
from async_lint.files.discovery import Found
from async_lint.files.ports import Files
from async_lint.progress import UNSEEN, Progress
from async_lint.projects import Projects
from async_lint.report import Report
from async_lint.workers.shares import Shares, size_of

# Bytes of source that make a worker worth its start, and what it learns that another learns as well: with a megabyte
# (27,000 lines), two take 0.7 of the time of one.
_WORTH = 500_000
# Each holds what it learnt; from here on more bring little time for much memory.
_MOST = 8


class Workers:
    """An executor on this machine: at most `jobs` processes."""

    def __init__(self, projects: Projects, files: Files, jobs: int, progress: Progress = UNSEEN) -> None:
        self._projects = projects
        self._files = files
        self._jobs = jobs
        self._progress = progress

    def reports(self, request: Request, wanted: Sequence[Found]) -> list[Report] | None:
        """Return the report on each file, in their order; None where one process is as quick.

        Whatever ends it, a KeyboardInterrupt too, no worker is left.
        """
        sizes = list(map(size_of, wanted))
        workers = min(self._jobs, sum(sizes) // _WORTH)
        if workers < 2:
            return None
        self._progress.expect()
        # Slow to import, and of no use to who checks three files.
        from async_lint.workers.crew import Crew, Work, may_fork

        for found in wanted:
            # Whoever checks the file tells of wrong settings.
            with suppress(ConfigError):
                self._projects.of(found.absolute)
        if may_fork():
            # Whoever checks a file tells what fails there, and goes on with the next.
            with suppress(Exception):
                self._projects.prepare()
        crew = Crew(Work(request, self._projects, self._files, wanted), Shares(sizes, workers), self._progress)
        reports = crew.run(workers)
        if isinstance(self._files, TracedDisk):
            self._files.take([each.trace for each in crew.learnt], whole=len(crew.learnt) == workers)
            for each in crew.learnt:
                self._projects.learn(each.noted)
        left = [found for number, found in enumerate(wanted) if number not in reports]
        checked = one_by_one(request, self._projects, self._files, left, self._progress)
        return [reports[number] if number in reports else next(checked) for number in range(len(wanted))]


def processors(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Return how many processes `auto` means: one for each processor that this one may use, at most eight.

    `quota` is the file that tells a container its share, such as `150000 100000`: one processor and a half.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):
        share, period = map(int, quota.read_text().split())
        allowed = min(allowed, max(1, share // period))
    return min(allowed, _MOST)
