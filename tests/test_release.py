"""What is released: the wheel holds all that the tool reads, and runs without the repository."""

import ast
import re
import subprocess
import sys
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
import yaml

from async_lint import __version__
from tests.harness import ROOT

# A script finds the unpacked wheel, and the third-party packages of this environment, and nothing of the repository.
PROGRAM = """
import sys
target = sys.argv.pop(1)
sys.path.insert(0, target)
from async_lint import cli
assert cli.__file__.startswith(target)
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        return message_from_bytes(archive.read(f"async_lint-{__version__}.dist-info/METADATA"))


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("target")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(unpacked: Path, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-P" if sys.version_info >= (3, 11) else "-s", "-c", PROGRAM, str(unpacked), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_wheel_holds_each_file_of_the_package(names: set[str]) -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "async_lint").rglob("*") if path.is_file()}
    missing = {name for name in files if "__pycache__" not in name} - names
    assert missing == set()
    read = ("py.typed", "settings.schema.json", "knowledge/stubs.zip", "reporters/html/report.css")
    assert {f"async_lint/{name}" for name in read} <= names


def test_the_wheel_holds_the_pages_of_the_rules_and_nothing_of_the_tests(names: set[str]) -> None:
    pages = {f"async_lint/docs/rules/{path.name}" for path in (ROOT / "docs" / "rules").glob("*.md")}
    assert len(pages) > 30
    assert pages <= names
    assert {name.partition("/")[0] for name in names} == {"async_lint", f"async_lint-{__version__}.dist-info"}
    assert f"async_lint-{__version__}.dist-info/licenses/LICENSE" in names


def test_the_metadata_names_the_pythons_that_are_tested_and_no_invented_address(metadata: Message) -> None:
    (tested,) = re.findall(r"^PYTHONS = (.*)$", (ROOT / "noxfile.py").read_text("utf-8"), re.MULTILINE)
    classifiers = metadata.get_all("Classifier") or []
    named = [match[1] for each in classifiers if (match := re.fullmatch(r"Programming .* :: (3\.\d+)", each))]
    # One that is named was tested; one that is new may be tried before it is named.
    assert named == ast.literal_eval(tested)[: len(named)] != []
    assert metadata.get_all("Project-URL") is None
    assert metadata["License-Expression"] == "MIT"


def test_the_wheel_runs_without_the_repository(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import asyncio\n\n\nasync def main() -> None:\n    asyncio.sleep(1)\n")
    done = run(
        unpacked, tmp_path, "--isolated", "--no-cache", "--output-file", "a.html", "--output-format=concise", "a.py"
    )
    assert done.stdout.startswith("a.py:5:5: ASL101 "), done.stderr
    assert "<h4>Why it matters</h4>" in (tmp_path / "a.html").read_text("utf-8")
    told = run(unpacked, tmp_path, "--explain", "ASL101")
    assert told.stdout.rstrip() == (ROOT / "docs" / "rules" / "floating-coroutine.md").read_text("utf-8").rstrip()


def test_only_the_job_that_publishes_may_ask_for_an_identity() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    workflow = yaml.safe_load(text.split("<!-- release -->\n```yaml\n")[1].split("\n```\n")[0])
    assert workflow["permissions"] == {}
    allowed = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert allowed == {"build": {"contents": "read"}, "publish": {"id-token": "write"}}
    assert not any("run" in step for step in workflow["jobs"]["publish"]["steps"])
