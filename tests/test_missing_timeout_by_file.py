"""ASL501 says the same of a file whether it is checked alone or with its project."""

import shutil
from pathlib import Path

import pytest

from async_lint.engine import run
from async_lint.file_run import Request
from async_lint.files.ports import Disk
from async_lint.projects import Projects
from tests.harness import Case, cases

PROGRAMS = [case for case in cases() if case.rule == "missing-timeout" and case.path.is_dir()]


def found_in(*paths: Path) -> list[tuple[str, int, str]]:
    disk = Disk()
    report = run(Request([str(path) for path in paths]), Projects(disk), disk)
    return sorted((each.path, each.span.start.line, each.message) for each in report.diagnostics)


@pytest.mark.parametrize("case", PROGRAMS, ids=lambda case: case.id)
def test_a_file_alone_is_judged_as_with_its_project(case: Case, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(case.path, root)
    (root / "async-lint.toml").write_text('select = ["ASL501"]\nmissing-timeouts = "all"\n')
    alone = [found for path in sorted(root.rglob("*.py")) for found in found_in(path)]
    assert len(alone) == len(case.expected)
    assert sorted(alone) == found_in(root)
