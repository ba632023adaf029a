"""What a run with nothing changed does not import: that it is quick rests on it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from async_lint.arguments import FORMATS
from async_lint.cache.store import FOLDER
from tests.in_process import put
from tests.kept_results import PROGRAM, environment

SCRIPT = "import json, sys; from async_lint.cli import main; main(sys.argv[1:]); print(json.dumps(sorted(sys.modules)))"
SLOW = (
    *(f"async_lint.{name}" for name in ("config", "engine", "inference", "knowledge", "projects", "rules", "workers")),
    *("libcst", "multiprocessing", "packaging", "pathspec", "rich", "tomli", "tomllib"),
)


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASYNC_LINT_CACHE_DIR", str(tmp_path / FOLDER))
    put(PROGRAM)


def modules(*flags: str) -> list[str]:
    """Return the modules that a run has imported in the end."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, *flags], env=environment(), capture_output=True, check=True)
    return list(json.loads(done.stdout.splitlines()[-1]))


def slow(names: list[str]) -> set[str]:
    return {root for root in SLOW for name in names if name == root or name.startswith(f"{root}.")}


def test_a_run_with_nothing_changed_imports_neither_rules_nor_trees() -> None:
    # What Python itself begins with, as in an editable install, is not ours.
    begun = slow(modules("--version"))
    assert slow(modules()) >= {"async_lint.inference", "async_lint.rules", "libcst"}
    for output_format in FORMATS:
        imported = slow(modules("--output-format", output_format)) - begun
        if output_format == "sarif":
            # Descriptions of the rules are part of it.
            assert "async_lint.rules" in imported
            assert "async_lint.inference.entry" not in imported
        else:
            assert imported == set(), output_format


def test_nor_does_one_of_a_part() -> None:
    begun = slow(modules("--version"))
    assert "async_lint.engine" in modules("--shard", "1/2")
    assert slow(modules("--shard", "1/2")) - begun == set()
