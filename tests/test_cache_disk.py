"""Whatever the disk refuses and whoever else is at work: a run finds what it finds, and says nothing of its cache."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from async_lint.cache import store, tables
from async_lint.cache.store import FOLDER, NAME
from tests import warm_process
from tests.in_process import Told, lint, put
from tests.kept_results import FILE, PROGRAM, ask, environment


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASYNC_LINT_CACHE_DIR", str(tmp_path / FOLDER))
    put(PROGRAM)


@pytest.fixture
def expected() -> Told:
    told = lint()
    assert told.out.count("ASL") == 2
    assert FILE.is_file()
    return told


def run(before: str) -> Told:
    # Into pipes: a file would have its bound, too.
    (out, told), (err, said) = os.pipe(), os.pipe()
    code = warm_process.run("async_lint", stdout=told, stderr=said, before=before).returncode
    os.close(told)
    os.close(said)
    with open(out) as output, open(err) as errors:
        return Told(code, output.read(), errors.read())


@pytest.mark.parametrize("place", ["/dev/null", "/dev/full/x", "/proc/x", "client.py", "client.py/x", "x" * 300])
def test_a_folder_that_cannot_be(place: str) -> None:
    expected = lint("--no-cache")
    for _ in range(2):
        assert lint("--cache-dir", place) == expected
    assert Path("client.py").read_text() == PROGRAM["client.py"]


@pytest.mark.parametrize("mode", [0o000, 0o500], ids=oct)
@pytest.mark.parametrize("name", [".", FOLDER, str(FILE)])
def test_rights_that_are_missing(expected: Told, name: str, mode: int) -> None:
    before = os.stat(name).st_mode
    # Without a right to enter it, the program itself could not be read.
    os.chmod(name, mode or (0o500 if name == "." else 0))
    try:
        for _ in range(2):
            assert lint() == expected
    finally:
        os.chmod(name, before)
    shutil.rmtree(FOLDER)
    os.chmod(".", 0o500)
    try:
        assert lint() == expected
    finally:
        os.chmod(".", 0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of Unix")
@pytest.mark.parametrize("size", [0, 50, 5_000, 20_000])
def test_a_full_disk(size: int) -> None:
    expected = lint("--no-cache")
    for _ in range(2):
        # Nor is there room for what Python compiles, of which it would keep a part.
        room = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
        assert run(f"import resource, sys\nsys.dont_write_bytecode = True\n{room}") == expected
    assert lint() == expected
    assert ask("pragma integrity_check") == [("ok",)]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of Unix")
@pytest.mark.parametrize("call", [1, 3, 5, 6])
def test_a_run_that_is_killed_while_it_writes(expected: Told, call: int) -> None:
    put({"load.py": PROGRAM["load.py"] + PROGRAM["load.py"]})
    killed = run(
        "import itertools, os\n"
        "from async_lint.cache import store\n"
        "calls, seal = itertools.count(1), store.sealed\n"
        f"store.sealed = lambda text: os.kill(os.getpid(), 9) if next(calls) == {call} else seal(text)\n"
    )
    assert killed.code == -signal.SIGKILL
    for _ in range(2):
        assert lint() == lint("--no-cache") != expected
    assert ask("pragma integrity_check") == [("ok",)]
    put(PROGRAM)
    assert lint() == expected
    assert sorted(os.listdir(FOLDER)) == [".gitignore", "CACHEDIR.TAG", NAME]


def test_a_python_without_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = lint("--no-cache")
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    assert lint() == expected
    assert not FILE.exists()


def test_ten_runs_at_once() -> None:
    expected, command = lint("--no-cache"), [sys.executable, "-m", "async_lint"]
    for _ in range(2):
        processes = [
            subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(10)
        ]
        for process in processes:
            out, err = process.communicate()
            assert Told(process.returncode, out, err) == expected
    assert ask("pragma integrity_check") == [("ok",)]
    assert len(ask("select * from runs")) == 1
    assert len(ask("select * from files")) == 4


def test_what_is_old_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_WORLDS", 2)
    monkeypatch.setattr(store, "_RUNS", 3)
    for code in ("ASL1", "ASL2", "ASL3", "ASL4", "ASL5"):
        lint("--select", code)
        ask("update runs set used = used - 100")
        ask("update worlds set used = used - 100")
    assert len(ask("select * from worlds")) == 2
    assert len(ask("select * from runs")) == 3
    assert ask("select count(distinct world) from files") == [(2,)]


@pytest.mark.parametrize("pages", [1, 4, 9, 12])
def test_a_file_that_has_grown_to_its_bound(pages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MOST_PAGES", pages)
    put({f"more{number}.py": PROGRAM["load.py"] * 5 for number in range(9)})
    for flags in ([], ["--select", "ASL4"], ["--select", "ASL1"], []):
        assert lint(*flags) == lint("--no-cache", *flags)
        assert not FILE.exists() or FILE.stat().st_size <= 12 * 4096


def test_a_folder_of_ours_gets_back_what_hides_it(expected: Told) -> None:
    Path(FOLDER, ".gitignore").unlink()
    put({"new.py": "x = 1\n"})
    lint()
    assert Path(FOLDER, ".gitignore").is_file()
    Path("named").mkdir()
    assert lint("--cache-dir", "named").out == expected.out
    assert sorted(os.listdir("named")) == [NAME]


def test_names_that_are_no_text(expected: Told) -> None:
    try:
        Path(os.fsdecode(b"\xff.py")).write_text(PROGRAM["load.py"])
    except OSError:
        pytest.skip("the file system wants text")
    told = lint()
    assert told == lint() == lint("--no-cache") != expected
    assert ask("select count(*) from runs") == [(1,)]


def test_who_makes_the_file_at_the_same_time_as_another_process_waits_for_it(tmp_path: Path) -> None:
    file = tmp_path / NAME
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as first:
        first.execute("create table something (value text)")
        first.execute("begin exclusive")
        release = threading.Timer(0.2, first.execute, ["commit"])
        release.start()
        with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as second:
            tables.write_ahead(second)
            assert second.execute("pragma journal_mode").fetchone() == ("wal",)
        release.join()
