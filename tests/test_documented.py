"""The settings and commands that the documentation shows are right ones."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from async_lint.arguments import parse
from async_lint.config import Place, load
from async_lint.files.ports import Disk
from async_lint.keys import KEYS
from async_lint.project import Project
from async_lint.rules._exceptions.control_flow import CONTROL_FLOW
from tests.in_process import lint

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
PAGE_OF_CAUSES = ROOT / "docs" / "rules" / "raise-without-cause.md"
# What stands for something in a command.
STANDING_FOR = {
    "PATH": "docs/example",
    "RULE": "ASL101",
    "FILE:LINE": "docs/example/parcels/tracker.py:25",
    "ASL999": "ASL101",
}


def shown(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def commands(page: Path) -> list[str]:
    """Return the command lines of async-lint that a page shows, in blocks and within sentences."""
    lines = [line for block in shown(page, r"\w+") for line in block.splitlines()]
    found = [match[1] for line in lines if (match := re.match(r"(?:\$ |- run: )(async-lint\b.*)", line))]
    found += re.findall(
        r"`(async-lint(?: [^`]*)?)`", re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.S | re.M)
    )
    # It goes on until Ctrl-C; test_watch.py runs it.
    return [command for command in found if "--watch" not in command]


SETTINGS = [
    pytest.param(text, id=f"{page.stem}-{number}")
    for page in PAGES
    if page.stem != "editors"  # those are an editor's own
    for number, text in enumerate(shown(page, "toml"))
]
COMMANDS = [pytest.param(text, id=text) for text in dict.fromkeys(each for page in PAGES for each in commands(page))]


def test_there_are_some() -> None:
    assert SETTINGS
    assert len(COMMANDS) >= 9


@pytest.mark.parametrize("text", SETTINGS)
def test_the_settings_can_be_used(text: str, tmp_path: Path) -> None:
    file = tmp_path / ("pyproject.toml" if "[tool.async-lint]" in text else "async-lint.toml")
    file.write_text(text)
    for entry in re.findall(r"^src = (.*)", text, re.M):
        for folder in re.findall(r'"([^"]+)"', entry):
            (tmp_path / folder.replace("*", "some")).mkdir(parents=True, exist_ok=True)
    project = Project(load(Place(tmp_path, file), Disk()), Disk())
    assert {"ASL900"} < {rule.code for rule in project.rules}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox")
    shutil.copytree(ROOT / "docs" / "example", folder / "docs" / "example")
    shutil.copytree(ROOT / "docs" / "example" / "parcels", folder / "src")
    return folder


@pytest.mark.parametrize("text", COMMANDS)
def test_the_commands_run(text: str, sandbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sandbox)
    own = text.partition(" | ")[0]
    _, *arguments = [STANDING_FOR.get(word, word) for word in shlex.split(own, comments=True)]
    told = lint(*arguments)
    assert told.code in (0, 1), told.err
    assert "error" not in told.err
    assert "warning" not in told.err


CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text("utf-8")


def test_the_flags_that_the_configuration_page_names_exist(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    offered = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert set(re.findall(r"--[a-z][a-z-]+", CONFIGURATION)) <= offered


def test_the_table_of_keys_is_complete() -> None:
    table = CONFIGURATION.partition("## Keys")[2].partition("Every other key")[0]
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", table, re.M)) == sorted(KEYS)


def test_the_files_that_decide_something_exist() -> None:
    text = (ROOT / "docs" / "how-it-works.md").read_text("utf-8")
    table, words = text.split("\n## Where is it decided that ...?\n")[1].split("\n## Faces\n")[0].split("\n## Words\n")
    package = ROOT / "async_lint"
    for row in table.splitlines():
        folders = [package / "inference", package, package / "knowledge"]
        for file in re.findall(r"`([\w/]+\.(?:py|toml))`", row):
            place = next((folder / file for folder in folders if (folder / file).is_file()), None)
            assert place is not None, f"{file}, in `{row}`"
            folders.append(place.parent)  # a file beside the one that was named before it
    named = re.findall(r"\(`([\w/]+\.py)`\)", words)
    assert len(named) > 15
    assert [
        each for each in named if not any((root / each).is_file() for root in (package / "inference", package))
    ] == []


def test_the_page_lists_the_exceptions_that_need_no_cause() -> None:
    listed = re.search(r"control-flow-exceptions = \[(.*?)\]", PAGE_OF_CAUSES.read_text("utf-8"), re.DOTALL)
    assert listed is not None
    assert tuple(re.findall(r'"([^"]+)"', listed[1])) == CONTROL_FLOW.default
