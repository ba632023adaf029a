"""Files checked by any executor of `concurrent.futures`: processes of this machine, or of many."""

import gc
import os
import pickle
import threading
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import contextmanager
from typing import NamedTuple
from uuid import uuid4

from async_lint import __version__
from async_lint.cache.trace import TracedDisk
from async_lint.config_error import ConfigError
from async_lint.file_run import Request, run_file
from async_lint.files.discovery import Found
from async_lint.files.ports import Files
from async_lint.progress import LOOK, UNSEEN, Progress
from async_lint.projects import Projects
from async_lint.report import Report
from async_lint.workers.shares import chunks, size_of

# Seconds without a result after which it is asked whether anybody is left to bring one.
_PATIENCE = 10.0
# What decides beside files what is found.
_VARIABLES = ("VIRTUAL_ENV",)

_Chunk = Sequence[Found]
_Work = tuple[Request, Projects, Files]


class Job(NamedTuple):
    """What the checks of one run share: it comes with each chunk, and every process unpacks it once."""

    run: str
    version: str
    environment: Mapping[str, str]
    threshold: tuple[int, int, int]  # how often garbage is looked for
    work: bytes


class Futures:
    """An executor for the engine that hands files to one of `concurrent.futures`, which `begin` makes.

    Files are read where they are checked, by the same paths. `is_alive` says whether there are still workers. What the
    workers asked of their disks is not known here, so nothing that they find can be kept for later runs.
    """

    def __init__(
        self,
        projects: Projects,
        files: Files,
        begin: Callable[[], Executor],
        is_alive: Callable[[], bool] = lambda: True,
        progress: Progress = UNSEEN,
    ) -> None:
        self._projects = projects
        self._files = files
        self._begin = begin
        self._is_alive = is_alive
        self._progress = progress
        self._patience = _PATIENCE
        self._another: Executor | None = None

    def reports(self, request: Request, wanted: Sequence[Found]) -> Iterator[Report]:
        """Yield the report on each file, in their order, as they come. Raises ConfigError for unfit workers."""
        if isinstance(self._files, TracedDisk):
            self._files.take((), whole=False)
        # The paths of a request may be thousands, and whoever checks one file has no use for them.
        work = pickle.dumps((Request((), unsafe=request.unsafe), self._projects, self._files))
        environment = {name: os.environ[name] for name in _VARIABLES if name in os.environ}
        job = Job(uuid4().hex, __version__, environment, gc.get_threshold(), work)
        parts = [[wanted[number] for number in chunk] for chunk in chunks(list(map(size_of, wanted)))]
        pool = self._begin()
        futures = [_handed(pool, job, part) for part in parts]
        try:
            for part, future in zip(parts, futures, strict=True):
                for report in self._checked(job, part, future):
                    self._progress.add(report)
                    yield report
        finally:
            for future in futures:
                future.cancel()
            pool.shutdown(wait=False)
            if self._another is not None:
                self._another.shutdown(wait=False)

    def _checked(self, job: Job, part: _Chunk, future: "Future[list[Report]]") -> list[Report]:
        try:
            try:
                return self._result(future)
            except BrokenExecutor:
                # It was at this one or at another: alone, one that ends its process takes no other along.
                self._another = self._another or self._begin()
                return self._result(_handed(self._another, job, part))
        except ConfigError:
            raise
        except ImportError as error:
            raise ConfigError(f"--executor: a worker lacks async-lint {__version__}: {error}") from error
        except Exception as error:
            if isinstance(error, BrokenExecutor):
                self._another = None
            said = "it was let go of" if isinstance(error, CancelledError) else str(error) or type(error).__name__
            why = said.splitlines()[0].partition(". ")[0]
            return [Report(errors=[f"{each.path}: not checked: its worker was lost: {why}"], files=1) for each in part]

    def _result(self, future: "Future[list[Report]]") -> list[Report]:
        deadline = time.monotonic() + self._patience
        while not wait([future], min(self._patience, LOOK)).done:
            self._progress.tick()
            if time.monotonic() >= deadline:
                if not self._is_alive():
                    self._patience = 0
                    raise ConnectionError("no worker is left")
                deadline += self._patience
        return future.result()


def check(job: Job, part: bytes) -> list[Report]:
    """Return the reports on some files, in a worker. Raises ConfigError where that would find something else."""
    if job.version != __version__:
        raise ConfigError(f"--executor: a worker has async-lint {__version__}, and not {job.version}")
    # Inference notes in one place for all of a process what it is at: threads take turns.
    with _TURN, _as_in_the_run(job):
        if job.run not in _WORK:
            _WORK.clear()
            _WORK[job.run] = pickle.loads(job.work)
        request, projects, files = _WORK[job.run]
        return [run_file(request, projects, files, found) for found in pickle.loads(part)]


def forget() -> None:
    """Let go of what this process learnt in a run."""
    with _TURN:
        _WORK.clear()


_TURN = threading.Lock()
# Of the last run: what is learnt for one chunk serves the next.
_WORK: dict[str, _Work] = {}


def _handed(pool: Executor, job: Job, part: _Chunk) -> "Future[list[Report]]":
    try:
        # As bytes: what an executor does with tuples of tuples is its own business.
        return pool.submit(check, job, pickle.dumps(list(part)))
    except (BrokenExecutor, RuntimeError) as error:
        future: Future[list[Report]] = Future()
        future.set_exception(error)
        return future


@contextmanager
def _as_in_the_run(job: Job, environ: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    before, threshold = {name: environ.pop(name) for name in _VARIABLES if name in environ}, gc.get_threshold()
    environ.update(job.environment)
    gc.set_threshold(*job.threshold)
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        for name in _VARIABLES:
            environ.pop(name, None)
        environ.update(before)
