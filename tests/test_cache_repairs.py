"""What changes files, or keeps findings back: it does the same with results of an earlier run as without."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from async_lint.files.source import Source
from async_lint.project import Project
from tests.in_process import Told, lint, put

CAUSELESS = "try:\n    load()\nexcept ValueError as error:\n    raise RuntimeError\n"
SENDS = "from client import Client\n\n\nasync def main(client: Client) -> None:\n    client.send('x')\n"
PROGRAM = {
    "pyproject.toml": "[tool.async-lint]\n",
    "app/clean.py": "x = 1\n",
    "app/main.py": SENDS,
    "app/quiet.py": SENDS.replace("('x')", "('x')  # noqa: ASL101"),
    "broken.py": "def f(:\n",
    "client.py": "class Client:\n    async def send(self, text): ...\n    def later(self): self.send('x')\n",
    "load.py": CAUSELESS,
    "zoo.py": CAUSELESS + "try:\n    load()\nexcept ValueError as error:\n    raise error\n",
}


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "program").mkdir()
    monkeypatch.chdir(tmp_path / "program")
    put(PROGRAM)


def texts() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


def done_to_a_copy(*arguments: str) -> tuple[Told, dict[str, bytes]]:
    """Return what a run tells and what it makes of the files, and put the files back."""
    kept = shutil.copytree(".", "../kept")
    told, after = lint(*arguments), texts()
    for path in Path().iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(kept, ".", dirs_exist_ok=True)
    shutil.rmtree(kept)
    return told, after


REPAIRS = (
    ["--fix"],
    ["--fix", "--unsafe-fixes"],
    ["--fix", "--exit-non-zero-on-fix", "app"],
    ["--fix", "--select", "ASL4", "."],
    ["--diff"],
    ["--diff", "--unsafe-fixes"],
    ["--add-noqa"],
    ["--write-baseline", "baseline.json"],
    ["--baseline", "../accepted.json"],
    ["--jobs", "1"],
    ["--jobs", "2"],
)


@pytest.mark.parametrize("flags", REPAIRS, ids=" ".join)
def test_it_does_what_it_does_without(flags: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("async_lint.workers.executor._WORTH", 1)
    lint("--write-baseline", "../accepted.json", "app", "load.py")
    without = done_to_a_copy("--no-cache", *flags)
    assert done_to_a_copy(*flags) == without
    lint()
    assert done_to_a_copy(*flags) == without
    assert done_to_a_copy(*flags) == without


@pytest.mark.parametrize("repair", [["--fix"], ["--add-noqa"]], ids=" ".join)
def test_what_was_repaired_is_found_no_more(repair: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("async_lint.cache.trace._TICK", 0)
    before = lint()
    lint(*repair)
    after = lint()
    assert after == lint("--no-cache") != before
    assert (before.out.count("ASL401"), after.out.count("ASL401")) == (2, 0)
    assert lint(*repair) == lint("--no-cache", *repair)


def test_a_baseline_in_the_settings() -> None:
    lint("--write-baseline", "baseline.json", "app")
    put({"pyproject.toml": '[tool.async-lint]\nbaseline = "baseline.json"\n'})
    for _ in range(2):
        assert lint("--show-suppressed") == lint("--show-suppressed", "--no-cache")
    accepted = lint("app")
    assert accepted.code == 0
    lint("--write-baseline", "baseline.json", "load.py")
    assert lint("app") == lint("--no-cache", "app") != accepted


def test_a_revision_to_compare_with() -> None:
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "state"]):
        subprocess.run([*git, *command], check=True)
    everything = lint()
    assert lint("--diff-base", "HEAD").out.count("ASL") == 1  # What cannot be parsed is told always.
    put({"load.py": f"\n{CAUSELESS}{CAUSELESS}"})
    for _ in range(2):
        told = lint("--diff-base", "HEAD", "--output-format", "concise")
        assert told == lint("--diff-base", "HEAD", "--no-cache", "--output-format", "concise")
        assert told.out.count("ASL401") == 1
    assert lint() == lint("--no-cache") != everything


@pytest.mark.skipif(not hasattr(os, "fork"), reason="these processes are forked")
def test_a_process_that_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("async_lint.workers.executor._WORTH", 1)
    monkeypatch.setattr("async_lint.workers.shares._CHUNK", 1)
    expected = lint("--no-cache", "--jobs", "2")
    with monkeypatch.context() as patched:
        patched.setattr(Project, "check", _killed_at_main)
        for _ in range(2):
            told = lint("--jobs", "2")
            assert told.code == 2
            assert "app/main.py: not checked: the process that checked it was ended by SIGKILL" in told.err
            assert "load.py:4:5: ASL401" in told.out
    for _ in range(2):
        assert lint("--jobs", "2") == expected


_CHECK = Project.check


def _killed_at_main(self: Project, source: Source, path: Path) -> "object":
    if path.name == "main.py":
        os.kill(os.getpid(), signal.SIGKILL)
    return _CHECK(self, source, path)
