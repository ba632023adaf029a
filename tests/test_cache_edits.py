"""Random edits of a program: what a run with a cache finds is what one without finds, whatever was changed."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from tests.edited_program import Program
from tests.in_process import lint

# More by hand: ASYNC_LINT_EDITS=300.
EDITS = int(os.environ.get("ASYNC_LINT_EDITS", "30"))
RUNS: Sequence[Sequence[str]] = (
    ["."],
    ["."],
    ["--select", "ALL", "."],
    ["--output-format", "json", "."],
    ["--jobs", "2", "."],
    ["app"],
    ["app/main.py", "client.py"],
    ["tests/sub", "app/loop.py"],
    ["--isolated", "--extend-ignore", "ASL4", "."],
    ["--force-exclude", "app/main.py", "tests/sub/test_send.py"],
)


@pytest.mark.parametrize("tick", [None, 0], ids=["contents", "times"])
@pytest.mark.parametrize("seed", [1, 2])
def test_random_edits(seed: int, tick: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Everything here is as young as the test: without this, its time would tell nothing, and its content be looked at.
    if tick is not None:
        monkeypatch.setattr("async_lint.cache.trace._TICK", tick)
    monkeypatch.setattr("async_lint.workers.executor._WORTH", 100)
    root = tmp_path / "program"
    root.mkdir()
    monkeypatch.chdir(root)
    program, random, edits = Program(root, seed), Random(seed), []
    for _ in range(EDITS):
        edits.append(program.edit())
        run = random.choice(RUNS)
        assert lint("--show-suppressed", *run) == lint("--show-suppressed", "--no-cache", "--jobs", "1", *run), edits[
            -5:
        ]


@pytest.mark.parametrize("seed", [3])
def test_random_edits_and_fixes(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, copy = tmp_path / "program", tmp_path / "copy"
    root.mkdir()
    monkeypatch.chdir(root)
    program, random = Program(root, seed), Random(seed)
    for _ in range(EDITS):
        edit = program.edit()
        lint(".")
        flags = random.choice([["--diff"], ["--diff", "--unsafe-fixes"], ["--fix"], ["--fix", "--unsafe-fixes"]])
        shutil.copytree(root, copy, symlinks=True)
        with_cache = lint(*flags, ".")
        after = texts(root)
        restore(root, copy)
        assert with_cache == lint("--no-cache", *flags, "."), edit
        assert after == texts(root), edit


def texts(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def restore(root: Path, copy: Path) -> None:
    for path in copy.rglob("*.py"):
        if path.is_file():
            (root / path.relative_to(copy)).write_bytes(path.read_bytes())
    shutil.rmtree(copy)
