"""`--watch`: what makes it run again, and how it ends."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from async_lint import watch
from async_lint.cli import main

ROOT = Path(__file__).parent.parent
CAUSELESS = "try:\n    import_it()\nexcept ImportError as error:\n    raise RuntimeError\n"
CAUSED = CAUSELESS.replace("raise RuntimeError", "raise RuntimeError from error")
WAITING = "Watching for changes; Ctrl-C ends it.\n"
RUN = "a.py:4:5: ASL401"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(CAUSELESS)
    Path("async-lint.toml").write_text('extend-exclude = ["gen"]\nbaseline = "known.json"\n')
    Path("known.json").write_text('{"version": 1, "problems": []}')
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT for another process")
def test_a_change_makes_it_run_again_and_ctrl_c_ends_it() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "async_lint", "--watch", "--output-format", "concise"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Where the tests run in the background of a shell, Ctrl-C is ignored, and so it would be by the process.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    # What hangs is ended, and not waited for.
    alarm = threading.Timer(60, process.kill)
    alarm.start()
    try:
        assert process.stderr.readline() == WAITING
        assert process.stdout.readline().startswith(RUN)
        assert process.stdout.readline().startswith("Found 1 problem ")
        Path("a.py").write_text(CAUSED)
        assert process.stderr.readline() == WAITING
        assert process.stdout.readline() == "No problems found.\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    finally:
        alarm.cancel()
        process.kill()
    assert (process.returncode, out, err) == (130, "", "")


def runs(monkeypatch: pytest.MonkeyPatch, *changed: set[str]) -> None:
    """Run `--watch` with changes of these files, and then Ctrl-C."""

    def changes(folders: object) -> Iterator[set[Path]]:
        yield set()
        yield from ({Path.cwd() / name for name in names} for names in changed)
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "_changes", changes)
    assert main(["--watch", "--output-format", "concise", "--quiet"]) == 130


@pytest.mark.parametrize("name", ["a.py", "sub/new.pyi", "b.ipynb", "async-lint.toml", "sub/.gitignore", "known.json"])
def test_what_belongs_to_the_project_makes_it_run(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(monkeypatch, {name})
    assert capsys.readouterr().out.count(RUN) == 2


@pytest.mark.parametrize("name", ["a.txt", "gen/a.py", ".git/index", ".venv/lib/b.py", "other.json"])
def test_what_does_not_leaves_it_waiting(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(monkeypatch, {name}, set())
    out, err = capsys.readouterr()
    assert (out.count(RUN), err) == (1, WAITING)


def test_the_screen_is_cleared_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(monkeypatch)
    assert "\x1b" not in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    runs(monkeypatch)
    assert capsys.readouterr().out.startswith("\x1b[2J")


def test_settings_that_are_wrong_for_a_while_do_not_end_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("known.json").unlink()
    runs(monkeypatch, {"a.py"})
    assert capsys.readouterr().err.count("a baseline of async-lint cannot be read") == 2


def test_without_the_package_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert main(["--watch"]) == 2
    assert capsys.readouterr() == (
        "",
        "async-lint: error: --watch needs the package watchfiles: pip install 'async-lint[watch]'\n",
    )


@pytest.mark.parametrize("flags", [["-"], ["--diff"], ["--add-noqa"], ["--write-baseline", "b.json"]])
def test_what_has_no_part_in_it(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--watch", *flags]) == 2
    assert "--watch cannot be used with" in capsys.readouterr().err


def test_a_path_that_is_not_there_is_not_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--watch", "nope"]) == 2
    assert "nope: no such file or directory" in capsys.readouterr().err
