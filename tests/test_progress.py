"""The bar that a long run shows on a terminal, and nowhere else."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from async_lint.engine import run
from async_lint.file_run import Request
from async_lint.files.ports import Disk
from async_lint.progress import Progress
from async_lint.projects import Projects
from async_lint.report import Report
from async_lint.workers import executor, shares
from async_lint.workers.executor import Workers
from async_lint.workers.futures import Futures
from tests import warm_process
from tests.in_process import put
from tests.kept_results import PROGRAM, environment
from tests.test_futures import Failing

pty = pytest.importorskip("pty", reason="there are no such terminals")

HIDE, SHOW, ERASE = "\x1b[?25l", "\x1b[?25h", "\x1b[2K"
# What is slow here is slow in a worker too, which is forked.
SLOW = """
import signal, sys, time
from async_lint import engine
from async_lint.workers import crew, executor, shares

signal.signal(signal.SIGINT, signal.default_int_handler)
executor._WORTH = shares._CHUNK = 1
run_file = engine.run_file

def slow(*given):
    time.sleep(0.4)
    return run_file(*given)

engine.run_file = crew.run_file = slow
"""
START = "from async_lint import cli\n"


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(PROGRAM)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """Each look at it takes a second, from the moment that it is wound up."""

    def __init__(self) -> None:
        self.now, self.step = 0.0, 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return Clock()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", text)


def test_nothing_is_shown_of_a_quick_run(clock: Clock) -> None:
    terminal = Terminal()
    progress = Progress(terminal, clock)
    progress.begin(3)
    for _ in range(3):
        clock.now += 0.3
        progress.add(Report(files=1))
    progress.close()
    assert terminal.getvalue() == ""


def test_a_longer_one_shows_files_findings_and_the_time_left(clock: Clock) -> None:
    terminal = Terminal()
    progress = Progress(terminal, clock)
    progress.begin(100)
    disk = Disk()
    found = run(Request(["."]), Projects(disk, asked=[Path.cwd()]), disk).diagnostics
    assert len(found) == 2
    for number in range(50):
        clock.now += 1
        progress.add(Report(found if number == 10 else [], files=1))
    shown = plain(terminal.getvalue())
    assert " 10/100 files, 0 found, 0:01:30 left" in shown
    assert " 50/100 files, 2 found, 0:00:50 left" in shown
    before = len(terminal.getvalue())
    progress.close()
    # The line is erased, and the cursor is there again.
    assert ERASE in terminal.getvalue()[before:]
    assert terminal.getvalue().count(SHOW) == terminal.getvalue().count(HIDE) == 1


def test_it_is_not_drawn_more_often_than_anybody_sees(clock: Clock) -> None:
    terminal = Terminal()
    progress = Progress(terminal, clock)
    progress.begin(10_000)
    clock.now = 2
    for _ in range(5_000):
        clock.now += 0.001
        progress.add(Report(files=1))
    drawn = len(re.findall(r"/10000 files", plain(terminal.getvalue())))
    assert 30 < drawn < 60
    progress.close()


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_file_is_counted_once(jobs: int, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "_WORTH", 1)
    monkeypatch.setattr(shares, "_CHUNK", 1)
    terminal, disk = Terminal(), Disk()
    clock.step = 2
    progress = Progress(terminal, clock)
    projects = Projects(disk, asked=[Path.cwd()])
    run(Request(["."]), projects, disk, Workers(projects, disk, jobs, progress), progress=progress)
    progress.close()
    assert re.findall(r"(\d)/4 files, (\d) found", plain(terminal.getvalue()))[-1] == ("4", "2")
    assert "5/4" not in terminal.getvalue()


def test_so_are_those_of_other_executors(clock: Clock) -> None:
    terminal, disk = Terminal(), Disk()
    clock.step = 2
    progress = Progress(terminal, clock)
    projects = Projects(disk, asked=[Path.cwd()])
    futures = Futures(projects, disk, lambda: Failing(OSError("gone")), progress=progress)
    assert len(run(Request(["."]), projects, disk, futures, progress=progress).errors) == 4
    progress.close()
    assert re.findall(r"(\d)/4 files", plain(terminal.getvalue()))[-1] == "4"


class Shown(NamedTuple):
    """What a run wrote to a pipe, and what to a terminal."""

    code: int
    out: str
    err: str


@pytest.mark.parametrize("flags", [["--jobs", "1"], ["--jobs", "2"], ["--jobs", "1", "--no-cache"]], ids=" ".join)
def test_on_a_terminal(flags: list[str]) -> None:
    shown = on_terminal("--output-format", "json", *flags)
    assert shown.code == 1
    assert [each["code"] for each in json.loads(shown.out)] == ["ASL401", "ASL101"]
    assert "/4 files, " in plain(shown.err)
    assert shown.err.rindex(SHOW) > shown.err.rindex(HIDE)
    assert ERASE in shown.err[shown.err.rindex(SHOW) :]
    # A second run has it all, and nothing to show.
    if "--no-cache" not in flags:
        assert HIDE not in on_terminal("--output-format", "json", *flags).err


def test_without_colour() -> None:
    err = on_terminal("--no-cache", variables={"NO_COLOR": "1"}).err
    assert "/4 files, " in plain(err)
    assert "\x1b[3" not in err


@pytest.mark.parametrize("flag", ["--quiet", "TERM=dumb"])
def test_not_where_it_is_not_wanted(flag: str) -> None:
    quiet = flag == "--quiet"
    err = on_terminal("--no-cache", *([flag] if quiet else []), variables={} if quiet else {"TERM": "dumb"}).err
    assert "\x1b" not in err
    assert "/4" not in err


def test_not_on_a_pipe_where_rich_is_not_even_imported() -> None:
    program = f"{START}{SLOW}cli.main(); print([name for name in sys.modules if 'rich' in name])"
    command = [sys.executable, "-c", program, "--no-cache", "-q", "--jobs", "1", "client.py", "load.py", "main.py"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    assert (done.stdout.splitlines()[-1], done.stderr) == ("[]", "")


def test_ctrl_c_leaves_a_sound_terminal() -> None:
    shown = interrupted("--no-cache", "--jobs", "2")
    assert shown.code == 130
    assert "/4 files, " in plain(shown.err)
    assert shown.err.rindex(SHOW) > shown.err.rindex(HIDE)


def on_terminal(*flags: str, variables: Mapping[str, str] | None = None) -> Shown:
    master, slave = pty.openpty()
    with ThreadPoolExecutor(1) as reading:
        written = reading.submit(lambda: b"".join(_read(master)))
        done = warm_process.run("async_lint", *flags, environ=_terminal(variables or {}), stderr=slave, before=SLOW)
        os.close(slave)
        err = written.result().decode()
    os.close(master)
    return Shown(done.returncode, done.stdout.decode(), err)


def interrupted(*flags: str) -> Shown:
    """Run it as somebody does, who ends it once it shows how far it is."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", f"{START}{SLOW}cli.script()", *flags]
    with subprocess.Popen(command, env=_terminal({}), stdout=subprocess.PIPE, stderr=slave, text=True) as process:
        os.close(slave)
        written, is_running = b"", True
        for data in _read(master):
            written += data
            if is_running and b"files" in written:
                is_running = False
                process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        out = process.stdout.read()
    os.close(master)
    return Shown(process.returncode, out, written.decode())


def _terminal(variables: Mapping[str, str]) -> Mapping[str, str]:
    inherited = {name: value for name, value in environment().items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**inherited, "TERM": "xterm", "COLUMNS": "100", **variables}


def _read(master: int) -> Iterator[bytes]:
    deadline = time.monotonic() + 120
    # Where the other end is closed, Linux has an error for the end of the file.
    with suppress(OSError):
        while time.monotonic() < deadline and (data := os.read(master, 4096)):
            yield data
