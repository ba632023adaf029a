"""Files checked by several processes: the same report, whatever becomes of the processes."""

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NoReturn

import pytest

import async_lint
from async_lint import knowledge
from async_lint.config import Overrides
from async_lint.engine import run
from async_lint.file_run import Request, run_file
from async_lint.files.discovery import Found
from async_lint.files.ports import Disk, Files
from async_lint.files.source import Source
from async_lint.model import Diagnostic
from async_lint.project import Project
from async_lint.projects import Projects
from async_lint.report import Report
from async_lint.workers import crew, executor, shares
from async_lint.workers.executor import Workers
from async_lint.workers.shares import Shares

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="these processes are forked")

PROGRAM = {
    "app/__init__.py": "",
    "app/client.py": (
        "class Client:\n"
        "    async def send(self, text): ...\n"
        "    async def close(self): ...\n"
        "    async def reconnect(self):\n        self.close()\n"
    ),
    "app/load.py": "try:\n    load()\nexcept ValueError as error:\n    raise RuntimeError\n",
    "app/main.py": (
        "from app.client import Client\n\n\n"
        "async def main():\n    client = Client()\n    client.send('hello')\n    await client.send('bye')\n"
    ),
    "app/quiet.py": "from app.client import Client\n\n\nasync def main():\n    Client().send('x')  # noqa: ASL101\n",
    "broken.py": "def f(:\n",
    "other/async-lint.toml": 'selct = ["ASL101"]\n',
    "other/one.py": "x = 1\n",
    "other/two.py": "y = 2\n",
    "plain.py": "print('no finding')\n",
    "zoo/keeper.py": "async def main(keys):\n    feed(keys)\n\n\nasync def feed(keys): ...\n",
}


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in PROGRAM.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(executor, "_WORTH", 1)
    monkeypatch.setattr(shares, "_CHUNK", 1)
    # What another test left running may be a thread.
    monkeypatch.setattr(crew, "may_fork", lambda: True)


def lint(jobs: int, fix: bool = False, write: bool = False, unsafe: bool = False) -> Report:
    disk = Disk()
    projects = Projects(disk, Overrides(select=("ALL",)), asked=[Path.cwd()])
    return run(Request(["."], fix, unsafe, write), projects, disk, Workers(projects, disk, jobs))


def texts() -> dict[str, str]:
    return {name: Path(name).read_text() for name in PROGRAM}


@pytest.fixture
def serial() -> Report:
    disk = Disk()
    return run(Request(["."]), Projects(disk, Overrides(select=("ALL",)), asked=[Path.cwd()]), disk)


@pytest.mark.parametrize("jobs", [1, 2, 3, 20])
def test_the_same_report_with_any_number_of_jobs(jobs: int, serial: Report) -> None:
    assert {diagnostic.code for diagnostic in serial.diagnostics} >= {"ASL101", "ASL401", "ASL900"}
    assert len(serial.errors) == len(serial.suppressed) == 1
    assert lint(jobs) == serial


def test_processes_that_begin_anew(serial: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "may_fork", lambda: False)
    assert lint(2) == serial


def test_a_process_with_threads_is_not_forked() -> None:
    program = """
import threading
from async_lint.workers.crew import may_fork
done = threading.Event()
print(may_fork())
threading.Thread(target=done.wait).start()
print(may_fork())
done.set()
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.split() == [str(sys.platform.startswith(("linux", "freebsd"))), "False"]


@pytest.mark.parametrize("unsafe", [False, True])
def test_fixes_are_the_same(unsafe: bool) -> None:
    before = texts()
    one = lint(1, fix=True, write=True, unsafe=unsafe)
    repaired = texts()
    assert len(one.changes) == 4
    for name, text in before.items():
        Path(name).write_text(text)
    assert lint(3, fix=True, write=True, unsafe=unsafe) == one
    assert texts() == repaired != before


def test_what_would_be_fixed_is_the_same_and_nothing_is_written() -> None:
    before = texts()
    assert lint(2, fix=True).changes == lint(1, fix=True).changes != []
    assert texts() == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_fix_mends_in_a_file_further_down_is_not_reported(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    check = Project.check

    def mended(self: Project, source: Source, path: Path) -> list[Diagnostic]:
        is_repaired = "from error" in Path("app/load.py").read_text()
        return [] if path.name == "keeper.py" and is_repaired else check(self, source, path)

    monkeypatch.setattr(Project, "check", mended)
    assert "zoo/keeper.py" in {each.path for each in lint(jobs).diagnostics}
    report = lint(jobs, fix=True, write=True)
    assert "zoo/keeper.py" not in {each.path for each in [*report.diagnostics, *report.applied]}
    assert Path("zoo/keeper.py").read_text() == PROGRAM["zoo/keeper.py"]


def test_a_crash_is_reported_as_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    check = Project.check

    def crash(self: Project, source: Source, path: Path) -> list[Diagnostic]:
        if path.name == "load.py":
            raise KeyError("lost")
        return check(self, source, path)

    monkeypatch.setattr(Project, "check", crash)
    report = lint(2)
    assert report == lint(1)
    assert report.errors[0].startswith("app/load.py: internal error; please report it\nTraceback")


@pytest.mark.parametrize("chunk", [1, 150, 10_000])
def test_a_process_that_is_killed_costs_the_file_that_it_had(
    chunk: int, serial: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "_CHUNK", chunk)
    monkeypatch.setattr(crew, "run_file", _dying_at("client.py", "plain.py"))
    report = lint(2)
    assert [error for error in report.errors if "not checked" in error] == [
        f"{name}: not checked: the process that checked it was ended by SIGKILL, as a system that is out of memory does"
        for name in ("app/client.py", "plain.py")
    ]
    assert report.files == serial.files
    assert report.diagnostics == [each for each in serial.diagnostics if each.path != "app/client.py"]
    assert multiprocessing.active_children() == []


def test_where_no_process_can_begin_this_one_does_the_work(serial: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: BaseProcess) -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(BaseProcess, "start", fail)
    assert lint(2) == serial


def test_where_each_process_ends_at_once_this_one_does_the_work(
    serial: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_serve", lambda *_: os._exit(1))
    assert lint(2) == serial


def test_few_files_are_checked_by_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "_WORTH", 500_000)
    monkeypatch.setattr(crew, "Crew", None)
    assert lint(2).files == len(PROGRAM) - 1


def test_an_interrupt_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(crew, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lint(2)
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("to_all", [True, False], ids=["to the terminal's group", "to the parent"])
def test_ctrl_c(to_all: bool, tmp_path: Path) -> None:
    with _slow_run(tmp_path) as process:
        (os.killpg if to_all else os.kill)(process.pid, signal.SIGINT)
        out, error = process.communicate(timeout=60)
        assert (process.returncode, out, error) == (130, b"", b"")
        assert not _is_any_left(process.pid)


def test_who_is_left_without_a_parent_ends(tmp_path: Path) -> None:
    with _slow_run(tmp_path) as process:
        process.kill()
        process.wait()
        Path("go on").touch()
        deadline = time.monotonic() + 60
        while _is_any_left(process.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _is_any_left(process.pid)


def test_the_command_line_ends_with_2_where_a_process_died(tmp_path: Path) -> None:
    program = _RUN.format(patch="crew.run_file = dying")
    command = [sys.executable, "-c", program, "--jobs", "2", "--output-format", "concise", "."]
    run = subprocess.run(command, cwd=tmp_path, env=_environment(), capture_output=True, text=True)
    assert run.returncode == 2
    assert "app/client.py: not checked: the process that checked it was ended by SIGKILL" in run.stderr
    assert "zoo/keeper.py" in run.stdout


# What a worker does is changed before it is forked.
_RUN = """
import os, signal, sys, time
from pathlib import Path
from async_lint import cli
from async_lint.workers import crew, executor, shares

# Who started the tests in the background has their programs ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
executor._WORTH = shares._CHUNK = 1
run_file = crew.run_file

def waiting(*given):
    Path("begun", str(os.getpid())).touch()
    while not Path("go on").exists():
        time.sleep(0.05)
    return run_file(*given)

def dying(request, projects, files, found):
    if found.absolute.name == "client.py":
        os.kill(os.getpid(), signal.SIGKILL)
    return run_file(request, projects, files, found)

{patch}
cli.script()
"""


@contextmanager
def _slow_run(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A run that waits in two workers, in a process group of its own."""
    (folder / "begun").mkdir()
    command = [sys.executable, "-c", _RUN.format(patch="crew.run_file = waiting"), "--jobs", "2", "."]
    pipe, environment = subprocess.PIPE, _environment()
    with subprocess.Popen(
        command, cwd=folder, env=environment, start_new_session=True, stdout=pipe, stderr=pipe
    ) as process:
        try:
            while len(list((folder / "begun").iterdir())) < 2:
                assert process.poll() is None
                time.sleep(0.05)
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(async_lint.__file__).parent.parent)}


def _is_any_left(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _dying_at(*names: str) -> Callable[[Request, Projects, Files, Found], Report]:
    def dying(request: Request, projects: Projects, files: Files, found: Found) -> Report:
        if found.absolute.name in names:
            os.kill(os.getpid(), signal.SIGKILL)
        return run_file(request, projects, files, found)

    return dying


@pytest.mark.parametrize(("quota", "most"), [("150000 100000", 1), ("5000 100000", 1), ("max 100000", 8), ("", 8)])
def test_as_many_as_there_are_processors(
    quota: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    file = tmp_path / "cpu.max"
    assert executor.processors(file) == 8
    file.write_text(quota)
    assert executor.processors(file) == most


def test_what_fails_before_the_start_fails_for_no_other_file(serial: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Project) -> NoReturn:
        raise KeyError("lost")

    monkeypatch.setattr(Project, "prepare", fail)
    assert lint(2) == serial


def test_each_file_is_handed_out_once() -> None:
    sizes = [size * 1000 for size in range(50)]
    handed = Shares(sizes, 3)
    taken = [number for turn in range(200) for number in handed.take(turn % 3)]
    assert sorted(taken) == list(range(50))


def test_neighbours_go_to_the_same_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = Shares([10] * 40, 2)
    assert [handed.take(0) for _ in range(3)] == [(0,), (1,), (2,)]
    assert [handed.take(1) for _ in range(3)] == [(20,), (21,), (22,)]
    monkeypatch.setattr(shares, "_CHUNK", 15)
    assert Shares([10] * 40, 2).take(0) == (0, 1)


def test_who_has_nothing_left_takes_from_the_end_of_another_share() -> None:
    handed = Shares([10] * 40, 2)
    assert [handed.take(1) for _ in range(22)][-3:] == [(39,), (19,), (18,)]
    handed.give_back(1, (39, 38))
    assert handed.take(1) == (39, 38)


def test_what_takes_longest_is_begun_first() -> None:
    assert Shares([*[10] * 19, 100], 1).take(0) == (19,)


def test_what_a_worker_is_given_can_be_handed_over() -> None:
    disk = Disk()
    projects = Projects(disk, Overrides(select=("ASL101",)), isolated=True, asked=[Path.cwd()])
    report = lint(1)
    copy, again = pickle.loads(pickle.dumps((projects, report)))
    assert again == report
    rules = [rule.code for rule in copy.of(Path.cwd() / "plain.py").rules]
    assert rules == [rule.code for rule in projects.of(Path.cwd() / "plain.py").rules] == ["ASL101", "ASL900"]


def test_a_forked_process_reads_the_knowledge_by_itself() -> None:
    assert knowledge.read("asyncio.tasks") is not None
    process = multiprocessing.get_context("fork").Process(target=_read_knowledge)
    process.start()
    process.join()
    assert process.exitcode == 0


def _read_knowledge() -> None:
    os._exit(knowledge._archive.cache_info().currsize)
