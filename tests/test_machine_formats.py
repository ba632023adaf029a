"""The formats that CI servers and editors read: what their readers ask for.

What their schemas ask for is in test_published_schemas.py.
"""

import json
import re
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest

from async_lint.config import Overrides
from async_lint.engine import run
from async_lint.file_run import Request
from async_lint.files.ports import Disk
from async_lint.model import Applicability, Diagnostic, Edit, Fix, Position, Severity, Sources, Span
from async_lint.pages import address
from async_lint.projects import Projects
from async_lint.registry import RULES
from async_lint.reporters import gitlab, junit, sarif
from tests.harness import FIXTURES, ROOT

LINES = ["import app\n", "\n", "    f()\n", "    g()\n"]


def span(line: int, start: int, end: int) -> Span:
    return Span(Position(line, start), Position(line, end))


def finding(path: str = "a.py", message: str = "`f` is lost (a.py:7)", line: int = 3, **more: Any) -> Diagnostic:
    return Diagnostic(path, "ASL101", "floating-coroutine", message, span(line, 4, 7), line, **more)


def fix(applicability: Applicability) -> Fix:
    return Fix("Await the coroutine", (Edit(span(3, 4, 4), "await "),), applicability)


def broken() -> Diagnostic:
    return Diagnostic("b.py", "ASL900", "unreadable-file", "no UTF-8", span(1, 0, 0), 1, severity=Severity.ERROR)


@cache
def everything() -> tuple[list[Diagnostic], Sources]:
    """Return what a run with all rules finds in programs of every family."""
    disk = Disk()
    paths = [str(ROOT / "docs" / "example"), str(FIXTURES / "unreadable-file")]
    report = run(Request(paths), Projects(disk, Overrides(select=("ALL",)), isolated=True), disk)
    assert {each.code for each in report.diagnostics} > {"ASL101", "ASL201", "ASL401", "ASL900"}
    return report.diagnostics, report.sources


def log(*diagnostics: Diagnostic, errors: tuple[str, ...] = ()) -> Any:
    (only,) = json.loads(sarif.render(diagnostics, {"a.py": LINES}, False, errors))["runs"]
    return only


def test_sarif_of_a_run_with_all_rules() -> None:
    diagnostics, sources = everything()
    document = json.loads(sarif.render(diagnostics, sources, False, ["b.py: no such file or directory"]))
    (only,) = document["runs"]
    rules = only["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
    assert all(rule["help"]["markdown"].startswith(f"# {rule['name']} ({rule['id']})") for rule in rules)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in only["results"])
    assert len(only["results"]) == len(diagnostics)
    identities = [result["partialFingerprints"]["asyncLint/v1"] for result in only["results"]]
    assert len(set(identities)) == len(identities)


@pytest.mark.parametrize("applicability", [Applicability.SAFE, Applicability.UNSAFE])
def test_sarif_has_the_fixes_that_can_be_applied(applicability: Applicability) -> None:
    (result,) = log(finding(fix=fix(applicability)))["results"]
    (mended,) = result["fixes"]
    assert mended["description"] == {"text": "Await the coroutine"}
    assert mended["properties"] == {"applicability": applicability.value}
    ((replacement,),) = [each["replacements"] for each in mended["artifactChanges"]]
    region = {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 5}
    assert replacement == {"deletedRegion": region, "insertedContent": {"text": "await "}}


def test_sarif_has_no_fix_that_only_a_person_can_make() -> None:
    (result,) = log(finding(fix=fix(Applicability.DISPLAY)))["results"]
    assert "fixes" not in result


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("src/a b.py", {"uri": "src/a%20b.py", "uriBaseId": "SRCROOT"}),
        ("./a.py", {"uri": "a.py", "uriBaseId": "SRCROOT"}),
        ("größe#1?:.py", {"uri": "gr%C3%B6%C3%9Fe%231%3F%3A.py", "uriBaseId": "SRCROOT"}),
        ("100%.py", {"uri": "100%25.py", "uriBaseId": "SRCROOT"}),
        ("caf\udce9.py", {"uri": "caf%E9.py", "uriBaseId": "SRCROOT"}),
        ("../a.py", {"uri": "../a.py"}),
        ("/tmp/a b.py", {"uri": "file:///tmp/a%20b.py"}),
    ],
)
def test_sarif_paths_are_addresses(path: str, location: dict[str, str]) -> None:
    (result,) = log(finding(path))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == location


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("`f({})` is lost", "`f({{}})` is lost"),
        ("`handlers[0](event)` is lost", "`handlers\\[0](event)` is lost"),
        ("`handlers[0]` is lost", "`handlers[0]` is lost"),
        ("\x1b[31m \u202e", "\\x1b[31m \\u202e"),
    ],
)
def test_sarif_messages_hold_no_placeholder_no_link_and_no_escape(message: str, text: str) -> None:
    (result,) = log(finding(message=message))["results"]
    assert result["message"] == {"text": text}


def test_sarif_tells_what_kept_the_run_from_being_whole() -> None:
    assert log(finding())["invocations"] == [{"executionSuccessful": True}]
    (invocation,) = log(broken(), errors=("c.py: no such file or directory",))["invocations"]
    assert invocation["executionSuccessful"] is False
    said = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert said == ["c.py: no such file or directory", "no UTF-8"]


def test_addresses_come_from_the_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"Documentation": "https://example.org/docs/", "Homepage": "https://example.org"}
    monkeypatch.setattr("async_lint.pages.project_address", known.get)
    monkeypatch.setattr("async_lint.reporters.sarif.project_address", known.get)
    driver = log()["tool"]["driver"]
    assert driver["informationUri"] == "https://example.org"
    assert driver["rules"][0]["helpUri"] == f"https://example.org/docs/rules/{RULES[0].name}/"
    known.clear()
    assert address("floating-coroutine") is None
    assert "helpUri" not in log()["tool"]["driver"]["rules"][0]


def test_gitlab_of_a_run_with_all_rules() -> None:
    diagnostics, sources = everything()
    report = json.loads(gitlab.render(diagnostics, sources, False))
    assert len(report) == len(diagnostics)
    # GitLab shows one of those that have the same.
    assert len({each["fingerprint"] for each in report}) == len(report)


def identities(lines: list[str], *diagnostics: Diagnostic) -> list[str]:
    paths = {each.path: lines for each in diagnostics}
    return [each["fingerprint"] for each in json.loads(gitlab.render(diagnostics, paths, False))]


def test_gitlab_fingerprints_survive_moved_lines() -> None:
    before = identities(LINES, finding())
    assert identities(["# new\n", *LINES], finding(line=4, message="`f` is lost (a.py:8)")) == before
    assert identities(LINES, finding("./a.py")) == before
    assert identities(LINES, finding("other.py")) != before
    assert identities(LINES, finding(message="`g` is lost")) != before
    assert identities(LINES, finding(line=4)) != before


def test_gitlab_tells_the_same_finding_twice_apart() -> None:
    first, second = identities(LINES, finding(), finding())
    assert first != second


def test_gitlab_paths_are_as_the_repository_has_them() -> None:
    (each,) = json.loads(gitlab.render([finding("./src/a.py")], {}, False))
    assert each["location"] == {"path": "src/a.py", "lines": {"begin": 3, "end": 3}}


def test_junit_of_a_run_with_all_rules() -> None:
    diagnostics, sources = everything()
    suites = ElementTree.fromstring(junit.render(diagnostics, sources, False))
    assert suites.tag == "testsuites"
    cases = suites.findall("testsuite/testcase")
    assert len(cases) == int(suites.attrib["tests"]) == len(diagnostics)
    for suite in suites:
        assert int(suite.attrib["tests"]) == len(suite)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))
        assert all(case.attrib["classname"] and case.attrib["name"] for case in suite)
    assert int(suites.attrib["errors"]) == sum(each.severity is Severity.ERROR for each in diagnostics) > 0


def test_junit_of_a_clean_run_has_a_case_that_passed() -> None:
    (suite,) = ElementTree.fromstring(junit.render([], {}, False))
    (case,) = suite
    assert (suite.attrib["tests"], suite.attrib["failures"], list(case)) == ("1", "0", [])


def test_junit_tells_what_kept_the_run_from_being_whole() -> None:
    suites = ElementTree.fromstring(junit.render([broken()], {}, False, ["c.py: no such file or directory"]))
    said = [error.attrib["message"] for error in suites.iter("error")]
    assert said == ["b.py:1:1: no UTF-8", "c.py: no such file or directory"]


@pytest.mark.parametrize("text", ["\x00\x1b[31m", "<&>\"'", "\ud800\uffff\ufffe", "a\nb\tc", "\u202e", "\U0001f600"])
def test_junit_is_xml_whatever_a_message_holds(text: str) -> None:
    document = junit.render([finding(f"a{text}.py", text)], {}, False).encode("utf-8")
    (failure,) = ElementTree.fromstring(document).iter("failure")
    assert re.search(r"[\x00-\x1f\u202e]", failure.attrib["message"]) is None
