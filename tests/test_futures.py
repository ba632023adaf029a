"""Files checked by executors of `concurrent.futures`: the same report, and what becomes of lost workers."""

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from async_lint.cache.store import FOLDER
from async_lint.config import Overrides
from async_lint.config_error import ConfigError
from async_lint.engine import run
from async_lint.file_run import Request
from async_lint.files.discovery import Found
from async_lint.files.ports import Disk
from async_lint.projects import Projects
from async_lint.report import Report
from async_lint.workers import cluster, futures, shares
from async_lint.workers.futures import Futures, Job, check
from tests.in_process import lint, put
from tests.kept_results import PROGRAM

SPAWN = multiprocessing.get_context("spawn")
Begin = Callable[[], Executor]


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    put(PROGRAM)
    monkeypatch.setattr(shares, "_CHUNK", 1)
    threads, deadline = threading.active_count(), time.monotonic() + 60
    yield
    futures.forget()
    # A process with threads is not forked, and later tests are about that.
    while threading.active_count() > threads and time.monotonic() < deadline:
        time.sleep(0.01)


def checked(begin: Begin | None, is_alive: Callable[[], bool] = lambda: True) -> Report:
    disk = Disk()
    projects = Projects(disk, Overrides(select=("ALL",)), asked=[Path.cwd()])
    return run(Request(["."]), projects, disk, Futures(projects, disk, begin, is_alive) if begin else None)


@pytest.fixture
def serial() -> Report:
    report = checked(None)
    assert {each.code for each in report.diagnostics} == {"ASL101", "ASL401"}
    return report


@pytest.mark.parametrize("chunk", [1, 100, 10_000])
def test_processes_find_the_same(chunk: int, serial: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_CHUNK", chunk)
    assert checked(lambda: ProcessPoolExecutor(2, SPAWN)) == serial


class Noting(Futures):
    """Notes that it came to its end, where a cluster is told to let go of what it learnt."""

    ended = False

    def reports(self, request: Request, wanted: Sequence[Found]) -> Iterator[Report]:
        yield from super().reports(request, wanted)
        self.ended = True


def test_who_checked_the_files_comes_to_an_end(serial: Report) -> None:
    disk = Disk()
    projects = Projects(disk, Overrides(select=("ALL",)), asked=[Path.cwd()])
    there = Noting(projects, disk, lambda: ThreadPoolExecutor(1))
    assert run(Request(["."]), projects, disk, there) == serial
    assert there.ended


def test_threads_take_turns(serial: Report) -> None:
    assert checked(lambda: ThreadPoolExecutor(3)) == serial


def test_fixes_are_made_here(serial: Report) -> None:
    disk = Disk()
    projects = Projects(disk, Overrides(select=("ALL",)), asked=[Path.cwd()])
    there = Futures(projects, disk, lambda: ThreadPoolExecutor(2))
    report = run(Request(["."], fix=True, write=True), projects, disk, there)
    assert [change.path for change in report.changes] == ["load.py", "main.py"]
    assert "await client.send('x')" in Path("main.py").read_text()
    assert report.diagnostics == []


def test_files_that_were_changed_since_the_last_run_are_read_anew(serial: Report) -> None:
    assert checked(lambda: ThreadPoolExecutor(1)) == serial
    Path("main.py").write_text("")
    assert {each.path for each in checked(lambda: ThreadPoolExecutor(1)).diagnostics} == {"load.py"}


class Dying(ProcessPoolExecutor):
    """Processes that end when they are handed `load.py`."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        return super().submit(die_at_load, fn, *args)


def die_at_load(work: Callable[[Job, bytes], list[Report]], job: Job, part: bytes) -> list[Report]:
    if "load.py" in {found.path for found in pickle.loads(part)}:
        os.kill(os.getpid(), signal.SIGKILL)
    return work(job, part)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the process is killed")
def test_a_process_that_is_killed_costs_the_files_that_it_had(serial: Report) -> None:
    report = checked(lambda: Dying(2, SPAWN))
    (error,) = report.errors
    assert error.startswith("load.py: not checked: its worker was lost: A process in the process pool was terminated")
    assert report.files == serial.files
    assert report.diagnostics == [each for each in serial.diagnostics if each.path != "load.py"]


class Failing(Executor):
    """Futures that are there already, or never."""

    def __init__(self, error: BaseException | None) -> None:
        self._error = error

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        if self._error is not None:
            future.set_exception(self._error)
        return future


@pytest.mark.parametrize(
    ("error", "why"),
    [(OSError("gone"), "gone"), (CancelledError(), "it was let go of"), (KeyError(), "KeyError")],
    ids=["failed", "cancelled", "of no words"],
)
def test_each_file_whose_worker_failed_is_named(error: Exception, why: str, serial: Report) -> None:
    report = checked(lambda: Failing(error))
    names = ("client.py", "load.py", "main.py", "quiet.py")
    assert report.errors == [f"{name}: not checked: its worker was lost: {why}" for name in names]
    assert report.files == serial.files


def test_where_no_worker_is_left_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(futures, "_PATIENCE", 0.01)
    report = checked(lambda: Failing(None), lambda: False)
    assert len(report.errors) == 4
    assert report.errors[0] == "client.py: not checked: its worker was lost: no worker is left"


def test_workers_that_lack_async_lint() -> None:
    with pytest.raises(ConfigError, match=r"--executor: a worker lacks async-lint 0\.[\d.]+: No module named 'async_l"):
        checked(lambda: Failing(ModuleNotFoundError("No module named 'async_lint'")))


def test_workers_of_another_version() -> None:
    with pytest.raises(ConfigError, match=r"a worker has async-lint [\d.]+, and not 0\.0\.1"):
        check(Job("run", "0.0.1", {}, (700, 10, 10), b""), b"")


def test_the_environment_is_that_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/mine")
    seen = []

    def look(*_: object) -> Report:
        seen.append(os.environ["VIRTUAL_ENV"])
        return Report(files=1)

    class Looking(ThreadPoolExecutor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
            monkeypatch.setenv("VIRTUAL_ENV", "/of the worker")
            return super().submit(fn, *args)

    monkeypatch.setattr(futures, "run_file", look)
    checked(lambda: Looking(1))
    assert seen == ["/mine"] * 4
    assert os.environ["VIRTUAL_ENV"] == "/of the worker"


class Client(NamedTuple):
    """As much of dask's as is used."""

    begin: Begin

    def get_executor(self, pure: bool) -> Executor:
        return self.begin()


def test_nothing_is_kept_of_what_others_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASYNC_LINT_CACHE_DIR", FOLDER)
    calls = []

    def connected(address: str) -> Client:
        calls.append(address)
        return Client(lambda: ThreadPoolExecutor(1))

    monkeypatch.setattr(cluster, "_connected", connected)
    there = ["--executor", "dask://cluster:8786"]
    told = [lint(*there), lint(*there)]
    assert len(calls) == 2
    # What was found here holds for both.
    assert [*told, lint(*there, "--no-cache")] == [lint()] * 3
    assert len(calls) == 3
    assert lint(*there) == told[0]
    Path("load.py").write_text("")
    assert "load.py" not in lint(*there).out
    assert len(calls) == 4


@pytest.mark.parametrize("text", ["", "dask", "dask://host", "dask://:1", "tcp://host:1", "dask://host:x", "ray://h:1"])
def test_what_is_no_address(text: str) -> None:
    told = lint(f"--executor={text}")
    assert told.code == 2
    assert f"argument --executor: must be dask://HOST:PORT, not {text!r}" in told.err


def test_without_distributed_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    told = lint("--executor", "dask://cluster:8786")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("async-lint: error: --executor: dask://cluster:8786 wants the package `distributed`")
    assert "async-lint's extra `dask` brings it along" in told.err
