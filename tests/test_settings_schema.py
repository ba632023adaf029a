"""The schema of the settings: it is what the definitions say, and refuses what async-lint refuses."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from async_lint.config import Place, load
from async_lint.config_error import ConfigError
from async_lint.files.ports import Disk
from async_lint.keys import KEYS
from async_lint.project import Project
from async_lint.registry import OPTIONS
from tools.settings_schema import FILE, schema, text

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text("utf-8")
BLOCKS = [
    block
    for page in (ROOT / "docs").glob("**/*.md")
    # An editor's settings are its own.
    if page.name != "editors.md"
    for block in re.findall(r"^ *```toml\n(.*?)^ *```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
]


def wrong(settings: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(schema()).iter_errors(settings)]


def refused(document: str, folder: Path) -> bool:
    file = folder / "async-lint.toml"
    file.write_text(document)
    try:
        Project(load(Place(folder, file), Disk()), Disk())
    except ConfigError:
        return True
    return False


def test_the_file_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == text(), "python -m tools.settings_schema writes it anew"


def test_it_has_the_form_that_schemastore_asks_for() -> None:
    made = json.loads(FILE.read_text("utf-8"))
    jsonschema.Draft7Validator.check_schema(made)
    assert made["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert made["$id"] == "https://json.schemastore.org/async-lint.json"
    assert made["additionalProperties"] is False
    assert list(made["properties"]) == sorted([*KEYS, *OPTIONS])
    assert all(each["description"] for each in made["properties"].values())


def test_it_says_what_the_documentation_says() -> None:
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", CONFIGURATION)
    rows = {match[1]: match[2] for match in re.finditer(r"^\| `([a-z-]+)` \|.*\| (.*) \|$", plain, re.MULTILINE)}
    assert {key: setting.help for key, setting in KEYS.items()} == {key: rows[key] for key in KEYS}


@pytest.mark.parametrize("block", BLOCKS)
def test_it_accepts_what_the_documentation_shows(block: str) -> None:
    document = tomllib.loads(block)
    assert wrong(document.get("tool", {}).get("async-lint", document)) == []


@pytest.mark.parametrize(
    "document",
    [
        'select = ["ALL", "asl1", "ASL20", "Floating-Coroutine"]',
        'target-version = "py311"',
        'target-version = "3.14"',
        '[per-file-ignores]\n"tests/*" = ["ASL2"]',
        "default-timeout = 5",
        'missing-timeouts = "all"',
        'blocking-databases = "all"',
        'blocking-processes = "all"',
        'missing-causes = "all"',
        "default-timeout = 0.5",
        'baseline = "known.json"',
        '[severity]\nASL2 = "info"\nfloating-coroutine = "error"',
    ],
)
def test_both_accept(document: str, tmp_path: Path) -> None:
    assert not refused(document, tmp_path)
    assert wrong(tomllib.loads(document)) == []


@pytest.mark.parametrize(
    "document",
    [
        "selekt = []",
        'select = "ASL1"',
        "select = [1]",
        'select = ["E501"]',
        'ignore = [""]',
        'exclude = "gen"',
        "target-version = 3.11",
        'target-version = "three"',
        'python = ""',
        "baseline = true",
        "per-file-ignores = []",
        '[per-file-ignores]\na = "ASL1"',
        'default-timeout = "5"',
        "default-timeout = 0",
        'missing-timeouts = "some"',
        "blocking-databases = true",
        'blocking-processes = "brief"',
        'missing-causes = "none"',
        "max-concurrency = 1.5",
        "max-concurrency = 0",
        'concurrency = "both"',
        'severity = "info"',
        '[severity]\nASL1 = "note"',
        "[severity]\nASL1 = 1",
        '[severity]\nE501 = "info"',
        "await-in-loop-in-tests = 1",
        'control-flow-exceptions = [" "]',
    ],
)
def test_both_refuse(document: str, tmp_path: Path) -> None:
    assert refused(document, tmp_path)
    assert wrong(tomllib.loads(document))
