"""What CI servers and editors read, against the schemas of their formats (tests/schemas/README.md says whose)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema

from async_lint.config import Overrides
from async_lint.engine import run
from async_lint.file_run import Request
from async_lint.files.ports import Disk
from async_lint.model import Diagnostic, Sources
from async_lint.projects import Projects
from async_lint.registry import RULES
from async_lint.reporters import gitlab, junit, sarif
from tests.harness import ROOT, shortest

SCHEMAS = Path(__file__).parent / "schemas"
ERRORS = ["b.py: no such file or directory", "c.py: {0} [is](no link) \x1b[31m <&>"]
NOTEBOOK = {
    "cells": [{"cell_type": "code", "source": ["import asyncio\n", "asyncio.sleep(1)"], "metadata": {}, "outputs": []}],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}
Found = tuple[list[Diagnostic], Sources]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Return what a run with all rules finds in the example, in a program for each rule, and in a notebook."""
    folder = tmp_path_factory.mktemp("programs")
    for rule in RULES:
        (case,) = shortest(rule, 1)
        case.put(folder / case.id.replace("/", "_"))
    (folder / "book.ipynb").write_text(json.dumps(NOTEBOOK))
    disk = Disk()
    overrides = Overrides(select=("ALL",))
    report = run(Request([str(ROOT / "docs" / "example"), str(folder)]), Projects(disk, overrides, isolated=True), disk)
    return report.diagnostics, report.sources


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text("utf-8"))


SARIF = jsonschema.Draft7Validator(schema("sarif-2.1.0.json"))
GITLAB = jsonschema.Draft7Validator(schema("gitlab-code-quality.json"))
JUNIT = xmlschema.XMLSchema10(SCHEMAS / "junit-10.xsd")


def in_sarif(text: str) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in SARIF.iter_errors(json.loads(text))]


def in_gitlab(text: str) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in GITLAB.iter_errors(json.loads(text))]


def in_junit(text: str) -> list[str]:
    return [f"{error.path}: {error.reason}" for error in JUNIT.iter_errors(text)]


def test_the_run_has_findings_of_every_rule(found: Found) -> None:
    diagnostics, _ = found
    assert {each.code for each in diagnostics} == {rule.code for rule in RULES}
    assert any(each.fix for each in diagnostics)
    assert any(each.cell for each in diagnostics)


@pytest.mark.parametrize("errors", [[], ERRORS])
def test_sarif(found: Found, errors: list[str]) -> None:
    assert in_sarif(sarif.render(*found, False, errors)) == []


def test_gitlab(found: Found) -> None:
    assert in_gitlab(gitlab.render(*found, False)) == []


@pytest.mark.parametrize("errors", [[], ERRORS])
def test_junit(found: Found, errors: list[str]) -> None:
    assert in_junit(junit.render(*found, False, errors)) == []


@pytest.mark.parametrize(
    ("render", "faults"), [(sarif.render, in_sarif), (gitlab.render, in_gitlab), (junit.render, in_junit)]
)
def test_a_clean_run(render: Callable[..., str], faults: Callable[[str], list[str]]) -> None:
    assert faults(render([], {}, False)) == []


def test_what_is_wrong_is_told(found: Found) -> None:
    log = json.loads(sarif.render(*found, False))
    log["runs"][0]["results"][0]["level"] = "bad"
    del log["runs"][0]["tool"]
    assert len(in_sarif(json.dumps(log))) == 2
    report = json.loads(gitlab.render(*found, False))
    report[0]["severity"] = "bad"
    del report[1]["location"]["lines"]["begin"]
    assert len(in_gitlab(json.dumps(report))) == 2
    document = junit.render(*found, False).replace("<testcase ", '<testcase line="1" ', 1)
    assert in_junit(document) == ["/testsuites/testsuite[1]/testcase[1]: 'line' attribute not allowed for element"]
