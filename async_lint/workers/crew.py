"""Worker processes: begun, handed files, and ended, whatever becomes of them or of this process."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from async_lint.cache.trace import Trace, TracedDisk
from async_lint.config import Place
from async_lint.file_run import Request, run_file
from async_lint.files.discovery import Found
from async_lint.files.ports import Files
from async_lint.progress import LOOK, UNSEEN, Progress
from async_lint.project import Noted
from async_lint.projects import Projects
from async_lint.report import Report
from async_lint.workers.shares import Chunk, Shares


class Work(NamedTuple):
    """What every worker knows from the start; then it is told the numbers of `wanted` that it is to check."""

    request: Request
    projects: Projects
    files: Files
    wanted: Sequence[Found]


class Learnt(NamedTuple):
    """What a worker asked of the disk, and what the checks that it made rest on."""

    trace: Trace
    noted: Mapping[Place, Noted]


@dataclass(slots=True)
class _Worker:
    """`waiting` are the chunks that it was handed and has not reported on; it is at the first."""

    number: int
    process: BaseProcess
    connection: Connection
    waiting: deque[Chunk] = field(default_factory=deque)
    begun: bool = False
    leaves: bool = False


def may_fork() -> bool:
    """Whether processes may be begun by `fork`, so that what this one knows of the project is shared."""
    # A thread that holds a lock does not come along, and macOS's own libraries may have begun threads.
    return sys.platform.startswith(("linux", "freebsd")) and threading.active_count() == 1


class Crew:
    """Workers that check files until all are done, or none is left. What they leave has no report."""

    def __init__(self, work: Work, shares: Shares, progress: Progress = UNSEEN) -> None:
        self._work = work
        self._shares = shares
        self._progress = progress
        self._forks = may_fork()
        self._crew: list[_Worker] = []
        self._reports: dict[int, Report] = {}
        self.learnt: list[Learnt] = []  # of those workers that ended in order

    def run(self, workers: int) -> dict[int, Report]:
        """Return reports by the numbers of their files; those that a worker died of have one that says so."""
        # A collection would write on every page that they share.
        gc.freeze()
        try:
            for number in range(workers):
                self._begin(number)
            while self._crew:
                ready = wait([worker.connection for worker in self._crew], LOOK)
                self._progress.tick()
                for worker in [worker for worker in self._crew if worker.connection in ready]:
                    self._hear(worker)
        finally:
            for worker in self._crew:
                worker.process.kill()
            for worker in self._crew:
                worker.process.join()
            gc.unfreeze()
        return self._reports

    def _begin(self, number: int) -> None:
        here, there = multiprocessing.Pipe()
        # Whoever holds an end of somebody else's pipe would keep it from being noticed that the other has gone.
        others = [*(worker.connection for worker in self._crew), here] if self._forks else []
        given = (there, others, self._work, gc.get_threshold())
        process: BaseProcess
        if self._forks:
            process = multiprocessing.get_context("fork").Process(target=_serve, args=given, daemon=True)
        else:
            process = multiprocessing.get_context("spawn").Process(target=_serve, args=given, daemon=True)
        try:
            with _interrupts_held_back():
                process.start()
                self._crew.append(_Worker(number, process, here))
        # No memory, or no more processes: those that there are go on.
        except OSError:
            here.close()
        else:
            self._hand(self._crew[-1])
        finally:
            there.close()

    def _hand(self, worker: _Worker) -> None:
        chunk = self._shares.take(worker.number)
        if chunk:
            worker.waiting.append(chunk)
        elif not worker.waiting:
            worker.leaves = True  # the empty one sends it home
        else:
            return
        # That it has died is learnt where it is heard.
        with suppress(OSError):
            worker.connection.send(chunk)

    def _hear(self, worker: _Worker) -> None:
        try:
            reports = worker.connection.recv()
        except (EOFError, OSError):
            self._crew.remove(worker)
            worker.connection.close()
            worker.process.join()
            if worker.waiting or worker.process.exitcode:
                self._replace(worker)
            return
        if isinstance(reports, Learnt):
            self.learnt.append(reports)
            return
        if worker.begun:
            self._report(worker.waiting.popleft(), reports)
        worker.begun = True
        # Handed over before it is done, so that it need not wait.
        if len(worker.waiting) < 2 and not worker.leaves:
            self._hand(worker)

    def _replace(self, lost: _Worker) -> None:
        first = lost.waiting.popleft() if lost.begun and lost.waiting else ()
        for chunk in reversed(lost.waiting):
            self._shares.give_back(lost.number, chunk)
        if len(first) == 1:
            path = self._work.wanted[first[0]].path
            error = f"{path}: not checked: the process that checked it {_ending(lost.process.exitcode)}"
            self._report(first, [Report(errors=[error], files=1)])
        else:
            # Which of them it was at is seen when one goes on alone with each, with all of the memory.
            for number in reversed(first):
                self._shares.give_back(lost.number, (number,))
        # Where one cannot even begin, no other could.
        if lost.begun:
            self._begin(lost.number)

    def _report(self, chunk: Chunk, reports: Sequence[Report]) -> None:
        self._reports.update(zip(chunk, reports, strict=True))
        for report in reports:
            self._progress.add(report)


def _ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"ended with exit code {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    return f"was ended by {name}" + (", as a system that is out of memory does" if name == "SIGKILL" else "")


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Keep Ctrl-C waiting: a process that has just begun would answer it with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, others: Sequence[Connection], work: Work, threshold: tuple[int, int, int]) -> None:
    """Check what comes through `connection`, until nothing comes or nobody is there any more."""
    # Ctrl-C reaches every process of a terminal: the parent ends them all.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*threshold)
    for other in others:
        other.close()
    files = work.files
    if isinstance(files, TracedDisk):
        files.trace = Trace()  # what came before is the parent's to tell
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        connection.send(None)
        while chunk := connection.recv():
            found = (work.wanted[number] for number in chunk)
            connection.send([run_file(work.request, work.projects, files, each) for each in found])
        if isinstance(files, TracedDisk):
            connection.send(Learnt(files.trace, work.projects.noted()))
    # Without taking a run's millions of objects apart one by one.
    os._exit(0)
