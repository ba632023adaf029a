"""The fixtures' comments: a test that cannot fail is none."""

from dataclasses import replace
from pathlib import Path

import pytest

from async_lint.model import Diagnostic, Position, Span
from tests.harness import Case, Expectation, differences, expectations, lint, without_expectations

START = Position(2, 0)
FOUND = Diagnostic("a.py", "ASL401", "raise-without-cause", "no cause is named", Span(START, START), 2)


def test_what_is_expected_is_no_difference() -> None:
    assert differences([Expectation("a.py", 2, "ASL401", "cause")], [FOUND]) == []


@pytest.mark.parametrize(
    ("expected", "found", "said"),
    [
        ([], [FOUND], "not expected: ASL401"),
        ([Expectation("a.py", 2, "ASL401", "")], [], "missing ASL401"),
        ([Expectation("a.py", 3, "ASL401", "")], [FOUND], "a.py:3: missing ASL401"),
        ([Expectation("b.py", 2, "ASL401", "")], [FOUND], "b.py:2: missing ASL401"),
        ([Expectation("a.py", 2, "ASL402", "")], [FOUND], "missing ASL402"),
        ([Expectation("a.py", 2, "ASL401", "another cause")], [FOUND], 'missing ASL401 "another cause"'),
        ([Expectation("a.py", 2, "ASL401", "")], [FOUND, FOUND], "not expected: ASL401"),
    ],
)
def test_every_difference_is_said(expected: list[Expectation], found: list[Diagnostic], said: str) -> None:
    assert any(said in line for line in differences(expected, found))


def test_the_message_tells_two_findings_of_a_line_apart() -> None:
    expected = [Expectation("a.py", 2, "ASL401", "first"), Expectation("a.py", 2, "ASL401", "second")]
    found = [replace(FOUND, message="the second"), replace(FOUND, message="the first")]
    assert differences(expected, found) == []


def test_comments_are_read_and_taken_away() -> None:
    text = 'f()\r\ng()  # why  # expect: ASL101 "never awaited" ASL102\r\n'
    assert expectations("a.py", text) == [
        Expectation("a.py", 2, "ASL101", "never awaited"),
        Expectation("a.py", 2, "ASL102", ""),
    ]
    assert without_expectations(text) == "f()\r\ng()  # why\r\n"


def test_a_comment_without_a_code_is_an_error() -> None:
    with pytest.raises(AssertionError, match=r"a\.py:1: no code"):
        expectations("a.py", "f()  # expect: floating-coroutine\n")


def test_headers_set_a_case_up(tmp_path: Path) -> None:
    path = tmp_path / "case.py"
    path.write_text('# config: raise-scope = "async"\n# fixes: unsafe\n# python: 3.99\nx = 1\n# config: y = 2\n')
    case = Case("raise-without-cause", path)
    assert (case.settings, case.unsafe, case.too_new) == ('raise-scope = "async"', True, True)


def test_wrong_settings_fail_the_case() -> None:
    with pytest.raises(AssertionError, match="raise-scope"):
        lint({"a.py": "x = 1\n"}, ["ASL401"], "raise-scop = 1")
