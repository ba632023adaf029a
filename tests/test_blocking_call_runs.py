"""What the page of blocking-call says of blocking is so: a watchdog task shows whether the loop stands still."""

import asyncio
import concurrent.futures
import contextlib
import logging
import os
import queue
import select
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import lint

_LONG = 0.3  # seconds that each call waits
_TICK = 0.01
_SLEEPER = [sys.executable, "-c", f"import time; time.sleep({_LONG})"]


def ticks(work: Callable[[], Awaitable[object]]) -> int:
    """Return how often another task ran while `work` did."""

    async def main() -> int:
        count = 0

        async def watch() -> None:
            nonlocal count
            while True:
                await asyncio.sleep(_TICK)
                count += 1

        watching = asyncio.create_task(watch())
        # The watchdog begins to wait before the work begins.
        await asyncio.sleep(0)
        await work()
        watching.cancel()
        return count

    return asyncio.run(main())


def later(call: Callable[[], object]) -> None:
    threading.Timer(_LONG, call).start()


@contextlib.contextmanager
def slow_server() -> Iterator[int]:
    """Give the port of a server that answers one request after a while."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            connection.recv(1_000)
            time.sleep(_LONG)
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nhello")
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def sleeps() -> None:
    time.sleep(_LONG)


def asks_a_server() -> None:
    with slow_server() as port, urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
        assert answer.read() == b"hello"


def receives() -> None:
    with slow_server() as port, socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"question")
        assert connection.recv(1)


def runs_a_process() -> None:
    subprocess.run(_SLEEPER, check=True)


def waits_for_a_process() -> None:
    assert subprocess.Popen(_SLEEPER).wait() == 0


def runs_a_command() -> None:
    assert os.system(subprocess.list2cmdline(_SLEEPER)) == 0


def joins() -> None:
    thread = threading.Thread(target=time.sleep, args=(_LONG,))
    thread.start()
    thread.join()


def waits_for_an_event() -> None:
    event = threading.Event()
    later(event.set)
    assert event.wait()


def takes_from_a_queue() -> None:
    jobs: queue.Queue[int] = queue.Queue()
    later(lambda: jobs.put(1))
    assert jobs.get() == 1


def asks_for_a_result() -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        pool.submit(time.sleep, _LONG).result()


def waits_for_results() -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        concurrent.futures.wait([pool.submit(time.sleep, _LONG)])


def selects() -> None:
    first, second = socket.socketpair()
    with first, second:
        later(lambda: second.send(b"a"))
        assert select.select([first], [], [])[0]


def commits(folder: Path) -> None:
    path = folder / "state.db"
    with contextlib.closing(sqlite3.connect(path)) as own:
        own.execute("create table rows (a)")
        other = sqlite3.connect(path, check_same_thread=False)
        other.execute("begin")
        other.execute("select * from rows").fetchall()
        own.execute("insert into rows values (1)")
        # Nobody may write while another reads.
        later(other.close)
        own.commit()


def asks_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr(sys, "stdin", os.fdopen(reading))
    later(lambda: os.write(writing, b"yes\n"))
    assert input() == "yes"
    sys.stdin.close()


BLOCKING = [
    sleeps,
    asks_a_server,
    receives,
    runs_a_process,
    waits_for_a_process,
    runs_a_command,
    joins,
    waits_for_an_event,
    takes_from_a_queue,
    asks_for_a_result,
    waits_for_results,
    selects,
    commits,
    asks_a_person,
]


def _given(call: Callable[..., None], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    if call is commits:
        return lambda: commits(folder)
    return (lambda: asks_a_person(monkeypatch)) if call is asks_a_person else call


@pytest.mark.parametrize("call", BLOCKING, ids=lambda call: call.__name__)
def test_the_loop_stands_still(call: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _given(call, tmp_path, monkeypatch)

    async def work() -> None:
        started = time.monotonic()
        run()
        assert time.monotonic() - started > _LONG / 2

    assert ticks(work) == 0


@pytest.mark.parametrize("call", BLOCKING, ids=lambda call: call.__name__)
def test_in_a_thread_it_does_not(call: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _given(call, tmp_path, monkeypatch)
    assert ticks(lambda: asyncio.to_thread(run)) > 1


def test_it_stands_still_for_a_helper_of_a_helper() -> None:
    def outer() -> None:
        sleeps()

    async def work() -> None:
        outer()

    assert ticks(work) == 0


def test_a_deadline_does_not_end_it() -> None:
    async def work() -> None:
        sleeps()

    async def main() -> float:
        started = time.monotonic()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(work(), _LONG / 10)
        return time.monotonic() - started

    assert asyncio.run(main()) >= _LONG


def test_debug_mode_logs_it_afterwards(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        sleeps()

    with caplog.at_level(logging.WARNING, "asyncio"):
        asyncio.run(main(), debug=True)
    assert any("took" in record.getMessage() for record in caplog.records)


def test_what_is_told_not_to_wait_does_not_wait() -> None:
    with pytest.raises(queue.Empty):
        queue.Queue().get(block=False)
    # Who waited for a name would not be refused one.
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("localhost", 80, flags=socket.AI_NUMERICHOST)
    with subprocess.Popen(_SLEEPER) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0)
        process.kill()


def test_a_future_that_was_awaited_is_done() -> None:
    async def work() -> None:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            started = pool.submit(time.sleep, _LONG)
            await asyncio.wrap_future(started)
            assert started.done()
            started.result()

    assert ticks(work) > 1


PROGRAM = """
import time


def load(seconds: float) -> str:
    time.sleep(seconds)
    return "page"


async def show(seconds: float) -> str:
    time.sleep(seconds)
    return load(seconds).upper()
"""


@pytest.mark.parametrize("fixed", [False, True], ids=["as it is", "fixed"])
def test_the_fix_lets_other_tasks_run(fixed: bool) -> None:
    text = lint({"app.py": PROGRAM}, ["ASL601"], fix=True, unsafe=True).texts["app.py"] if fixed else PROGRAM
    names: dict[str, Any] = {}
    exec(compile(text, "app.py", "exec"), names)
    answers: list[str] = []

    async def work() -> None:
        answers.append(await names["show"](_LONG / 2))

    assert (ticks(work) > 1) is fixed
    assert answers == ["PAGE"]
