"""The example that ships shows every family, in one screen, and can be repaired."""

import ast
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from tests import warm_process

EXAMPLE = Path(__file__).parent.parent / "docs" / "example"
FAMILIES = {"ASL1", "ASL2", "ASL3", "ASL4", "ASL5"}


def async_lint(*arguments: str) -> "subprocess.CompletedProcess[str]":
    done = warm_process.run("async_lint", *arguments)
    return subprocess.CompletedProcess(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())


def families(output: str) -> "Counter[str]":
    return Counter(line.split(": ")[1][:4] for line in output.splitlines())


def test_it_has_a_defect_of_each_family() -> None:
    done = async_lint("--output-format", "concise", "--quiet", str(EXAMPLE))
    assert done.returncode == 1
    assert set(families(done.stdout)) == FAMILIES
    assert 5 <= families(done.stdout).total() <= 9


def test_its_report_fits_a_screen() -> None:
    report = async_lint(str(EXAMPLE)).stdout
    assert len(report.splitlines()) <= 60


def test_fixing_it_leaves_only_what_a_person_must_decide(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "example")
    done = async_lint("--fix", "--unsafe-fixes", "--output-format", "concise", "--quiet", str(tmp_path))
    assert set(families(done.stdout)) == {"ASL3", "ASL5"}
    for path in (tmp_path / "example").rglob("*.py"):
        ast.parse(path.read_text())
