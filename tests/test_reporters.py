"""Diagnostics to text, format by format."""

import json as standard_json

import pytest

from async_lint.model import Applicability, Diagnostic, Edit, Fix, Position, Severity, Span
from async_lint.reporters import concise, diff, full, github, json, statistics, suppressed
from async_lint.reporters.text import escape, summary, width


def span(line: int, start: int, end: int) -> Span:
    return Span(Position(line, start), Position(line, end))


def finding(
    where: Span | None = None, path: str = "a.py", message: str = "`f` is lost", fix: Fix | None = None
) -> Diagnostic:
    where = where or span(1, 4, 7)
    return Diagnostic(path, "ASL101", "floating-coroutine", message, where, where.start.line, fix)


def fix(applicability: Applicability = Applicability.SAFE) -> Fix:
    return Fix("insert `await`", (Edit(span(1, 4, 4), "await "),), applicability)


def test_concise() -> None:
    assert concise.render([finding()], {}, False) == "a.py:1:5: ASL101 `f` is lost\n"


def test_concise_in_colour() -> None:
    assert concise.render([finding()], {}, True) == "\x1b[1ma.py:1:5\x1b[0m: \x1b[1;31mASL101\x1b[0m `f` is lost\n"


def test_full_shows_the_line_a_caret_and_the_remedy() -> None:
    assert full.render([finding(fix=fix())], {"a.py": ["    f()\n"]}, False) == (
        "a.py:1:5: ASL101 [floating-coroutine] `f` is lost\n"
        "  |\n"
        "1 |     f()\n"
        "  |     ^^^\n"
        "  = help: insert `await` (--fix)\n"
    )


def test_full_shows_two_findings_of_a_long_line_with_tabs() -> None:
    line = "\t" + "x = 1;" * 100 + "f();\tg()  \n"
    places = [span(1, 601, 604), span(1, 606, 609)]
    text = full.render([finding(each) for each in places], {"a.py": [line]}, False)
    blocks = [block.splitlines() for block in text.split("\n\n")]
    for (_, _, above, under, *_), call in zip(blocks, ("f()", "g()"), strict=True):
        assert (under.index("^^^"), under.count("^")) == (above.index(call), 3)


@pytest.mark.parametrize(
    ("applicability", "how"),
    [
        (Applicability.SAFE, "(--fix)"),
        (Applicability.UNSAFE, "(--fix --unsafe-fixes)"),
        (Applicability.DISPLAY, "(by hand)"),
    ],
)
def test_full_says_who_may_apply_the_fix(applicability: Applicability, how: str) -> None:
    text = full.render([finding(fix=fix(applicability))], {"a.py": ["    f()\n"]}, False)
    assert text.endswith(f"= help: insert `await` {how}\n")


def test_full_separates_findings_by_an_empty_line() -> None:
    assert full.render([finding(), finding()], {}, False).split("\n\n")[1].startswith("a.py:1:5: ")


def test_full_gutter_is_as_wide_as_the_number() -> None:
    lines = [*["\n"] * 11, "f()\n"]
    assert full.render([finding(span(12, 0, 3))], {"a.py": lines}, False).splitlines()[1:] == [
        "   |",
        "12 | f()",
        "   | ^^^",
    ]


@pytest.mark.parametrize(
    ("line", "start", "end", "shown", "carets"),
    [
        ("\tf()", 1, 4, "    f()", "    ^^^"),
        ("x;\tf()", 3, 6, "x;  f()", "    ^^^"),
        ("'日本'; f()", 6, 9, "'日本'; f()", "        ^^^"),
        ("f('日本')", 0, 7, "f('日本')", "^^^^^^^^^"),
        ("'e\u0301'; f()", 6, 9, "'e\u0301'; f()", "     ^^^"),
        ("'\x1b'; f()", 5, 8, r"'\x1b'; f()", "        ^^^"),
        ("\x0cf()", 1, 4, r"\x0cf()", "    ^^^"),
        ("f(", 2, 2, "f(", "  ^"),
    ],
)
def test_carets_stand_under_the_place(line: str, start: int, end: int, shown: str, carets: str) -> None:
    rows = full.render([finding(span(1, start, end))], {"a.py": [line + "\r\n"]}, False).splitlines()
    assert rows[2:4] == [f"1 | {shown}", f"  | {carets}"]


def test_a_span_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    several = Span(Position(1, 0), Position(3, 1))
    rows = full.render([finding(several)], {"a.py": ["f(  \n", "  1\n", ")\n"]}, False).splitlines()
    assert rows[2:] == ["1 | f(", "  | ^^"]


def test_of_a_very_long_line_only_the_neighbourhood_is_shown() -> None:
    line = "x" * 1000 + "f()" + "y" * 1000
    _, _, shown, carets = full.render([finding(span(1, 1000, 1003))], {"a.py": [line]}, False).splitlines()
    assert len(shown) < 180
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "f()"


def test_a_place_beyond_the_file_shows_no_line() -> None:
    assert full.render([finding()], {"a.py": []}, False).count("\n") == 1


def test_control_characters_are_written_out() -> None:
    assert escape("a\x1b[31m\nb\u202ec\udcff日") == "a\\x1b[31m\\x0ab\\u202ec\\xff日"


def test_width_in_cells() -> None:
    assert [width(text) for text in ("abc", "日本", "e\u0301")] == [3, 4, 1]


def test_json_has_the_shape_that_linter_users_parse() -> None:
    [found] = standard_json.loads(json.render([finding(fix=fix())], {}, False))
    assert found == {
        "cell": None,
        "code": "ASL101",
        "end_location": {"row": 1, "column": 8},
        "filename": "a.py",
        "fix": {
            "applicability": "safe",
            "edits": [
                {
                    "content": "await ",
                    "end_location": {"row": 1, "column": 5},
                    "location": {"row": 1, "column": 5},
                }
            ],
            "message": "insert `await`",
        },
        "location": {"row": 1, "column": 5},
        "message": "`f` is lost",
        "name": "floating-coroutine",
        "noqa_row": 1,
        "severity": "warning",
        "url": None,
    }


def test_json_without_findings_is_an_empty_list() -> None:
    assert json.render([], {}, False) == "[]\n"


def test_json_of_a_name_that_is_not_unicode() -> None:
    [found] = standard_json.loads(json.render([finding(path="\udcff.py")], {}, False))
    assert found["filename"] == "\udcff.py"


def test_github_annotation() -> None:
    assert github.render([finding()], {}, False) == (
        "::warning file=a.py,line=1,col=5,endLine=1,endColumn=8,title=ASL101 floating-coroutine::`f` is lost\n"
    )


def test_github_escapes_by_its_own_rules() -> None:
    text = github.render([finding(path="a,b:c%.py", message="50%, a:b\nc")], {}, False)
    assert text.startswith("::warning file=a%2Cb%3Ac%25.py,")
    assert text.endswith("::50%25, a:b%0Ac\n")


def test_github_of_an_unreadable_file_is_an_error() -> None:
    broken = Diagnostic("a.py", "ASL900", "unreadable-file", "no", span(1, 0, 0), 1, severity=Severity.ERROR)
    assert github.render([broken], {}, False).startswith("::error file=a.py,")


def test_statistics_most_frequent_first() -> None:
    other = Diagnostic("b.py", "ASL401", "raise-without-cause", "no", span(1, 0, 0), 1)
    text = statistics.render([other, finding(fix=fix()), finding()])
    assert text == "2  ASL101  [*] floating-coroutine\n1  ASL401  [ ] raise-without-cause\n"
    assert standard_json.loads(statistics.render_json([finding(fix=fix()), finding()])) == [
        {"code": "ASL101", "name": "floating-coroutine", "count": 2, "fixable": 1}
    ]


def test_suppressed_findings_with_their_reason() -> None:
    assert suppressed.render([(finding(), "noqa on line 1")], False) == (
        "a.py:1:5: ASL101 `f` is lost (suppressed: noqa on line 1)\n"
    )


SAFE, UNSAFE, BY_HAND = (finding(fix=fix(each)) for each in Applicability)


@pytest.mark.parametrize(
    ("remaining", "applied", "unsafe", "sentence"),
    [
        ([], 0, False, "No problems found."),
        ([finding()], 0, False, "Found 1 problem."),
        ([BY_HAND], 0, False, "Found 1 problem."),
        ([SAFE, finding()], 0, False, "Found 2 problems (1 fixable with --fix)."),
        ([SAFE, UNSAFE], 0, False, "Found 2 problems (1 fixable with --fix, 1 more with --unsafe-fixes)."),
        ([UNSAFE], 0, False, "Found 1 problem (1 fixable with --fix --unsafe-fixes)."),
        ([SAFE, UNSAFE], 0, True, "Found 2 problems (2 fixable with --fix)."),
        ([], 2, False, "Fixed 2 problems, none left."),
        ([finding()], 2, False, "Found 3 problems (2 fixed, 1 left)."),
        ([UNSAFE], 1, False, "Found 2 problems (1 fixed, 1 left; 1 fixable with --fix --unsafe-fixes)."),
    ],
)
def test_summary(remaining: list[Diagnostic], applied: int, unsafe: bool, sentence: str) -> None:
    assert summary(remaining, applied, unsafe) == sentence


def test_diff_in_colour() -> None:
    assert diff.render("a.py", b"-- a\nb\r\n", b"b\r\nc", colour=True) == (
        b"\x1b[1m--- a.py\x1b[0m\n\x1b[1m+++ a.py\x1b[0m\n\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n"
        b"\x1b[31m--- a\x1b[0m\n b\r\n\x1b[32m+c\x1b[0m\n\\ No newline at end of file\n"
    )


def test_diff_keeps_bytes_and_a_missing_last_newline() -> None:
    assert diff.render("a.py", b"a\r\nb\xe9", b"a\r\nc\xe9") == (
        b"--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n a\r\n-b\xe9\n\\ No newline at end of file\n"
        b"+c\xe9\n\\ No newline at end of file\n"
    )
    assert diff.render("a.py", b"a", b"a") == b""
