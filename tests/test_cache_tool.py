"""Results are those of one async-lint, on one libcst: which one it is, by what an installer wrote down of it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RECORD = "async_lint-0.1.0.dist-info/RECORD"
OLD, NEW = 1_000_000_000, 1_000_000_100


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of packages with this async-lint, as an installer leaves it, and something in the place of libcst."""
    site = tmp_path / "site"
    shutil.copytree(ROOT / "async_lint", site / "async_lint", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("async_lint", "libcst"):
        write(site / name / "__init__.py", (site / name / "__init__.py").read_text() if name == "async_lint" else "")
        write(site / f"{name}-0.1.0.dist-info" / "RECORD", f"{name}/__init__.py,sha256=abc,1\n")
    age(site)
    return site


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def age(site: Path) -> None:
    for path in site.rglob("*"):
        os.utime(path, (OLD, NEW if path.name == "RECORD" else OLD))


def tool(site: Path) -> str:
    command = [sys.executable, "-c", "from async_lint.cache.tool import tool; print(tool())"]
    environ = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env=environ, cwd=site.parent, capture_output=True, text=True, check=True).stdout


def test_installed_anew_it_is_the_same(site: Path, tmp_path: Path) -> None:
    before = tool(site)
    kept = shutil.move(site, tmp_path / "kept")
    shutil.copytree(kept, site, copy_function=shutil.copy)
    for record in site.glob("*/RECORD"):
        record.touch()
    assert tool(site) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda site: (site / RECORD).write_text("async_lint/__init__.py,sha256=def,1\n"),
        lambda site: (site / "libcst-0.1.0.dist-info/RECORD").write_text("libcst/__init__.py,sha256=def,1\n"),
        lambda site: (site / "async_lint/check.py").touch(),
        lambda site: (site / RECORD).unlink(),
        lambda site: shutil.rmtree(site / "libcst-0.1.0.dist-info"),
    ],
    ids=["another version", "another libcst", "a file changed by hand", "no record", "no record of libcst"],
)
def test_another_one(site: Path, change: Callable[[Path], object]) -> None:
    before = tool(site)
    change(site)
    assert tool(site) != before


def test_who_works_on_it_has_another_one_after_each_change(site: Path) -> None:
    # As in an editable install, where the record stands elsewhere.
    shutil.rmtree((site / RECORD).parent)
    seen = {tool(site)}
    for name in ("check.py", "rules/blocking_call.py", "knowledge/timeouts.toml", "knowledge/stubs.zip"):
        (site / "async_lint" / name).touch()
        seen.add(tool(site))
    (site / "async_lint" / "rules" / "new_rule.py").write_text("")
    seen.add(tool(site))
    assert len(seen) == 6
