"""What holds the rules to their fixtures and pages: a test that cannot fail is none, and one that fails says why."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import libcst as cst
import pytest

from async_lint import registry
from async_lint.context import Context
from async_lint.model import Diagnostic, Position, Span
from async_lint.rule import Finding, Rule
from tests.harness import Case, Expectation, differences, expectations, lacking, lint, without_expectations
from tests.silence import Silence
from tests.test_docs import lacks, page

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


PROGRAM = """\
import asyncio

async def save(): ...

async def main():
    save()

async def silent():
    await save()
    save()  # noqa: ASL101

class Shop:
    @property
    async def open(self):
        await save()

LATER = 1
"""


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (5, "ASL101", "the check was silent: in lines 5-6, which a trigger picked, it yielded only on line 6"),
        (9, "ASL101", "the check was silent: in lines 8-10, which a trigger picked, it yielded only on line 10"),
        (10, "ASL101", "the check yielded it, and it was dropped later, as by `noqa`"),
        (3, "ASL101", "the trigger was silent: it picked nothing in line 3"),
        (15, "ASL101", "the trigger was silent: it picked nothing in lines 13-15"),
        (17, "ASL101", "the trigger was silent: it picked nothing in line 17"),
        (2, "ASL101", "no statement stands there"),
        (6, "ASL099", "no rule has that code"),
        (6, "ASL900", "the rule has no trigger, so its checks are never called"),
    ],
)
def test_a_missing_finding_comes_with_the_step_that_was_silent(line: int, code: str, said: str) -> None:
    texts = {"a.py": "", "pkg/a.py": PROGRAM}
    silence = Silence(texts, lambda: lint(texts, ["ASL101"]))
    assert silence.why("pkg/a.py", line, code) == said
    missing = differences([Expectation("pkg/a.py", line, code, "")], [], silence)
    assert missing == [f"pkg/a.py:{line}: missing {code} ({said})"]


def _never(node: cst.CSTNode, context: Context) -> Iterator[Finding]:
    yield from ()


@pytest.mark.parametrize(
    ("visited", "said"),
    [
        (cst.Expr, "the check was silent: a trigger picked lines 5-6, and the check yielded nothing there"),
        (cst.Raise, "no check was called: a trigger picked lines 5-6, where no cst.Raise stands"),
    ],
)
def test_a_check_that_yields_nothing_is_told_from_one_that_was_not_called(
    visited: type[cst.CSTNode], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tuple(replace(rule, visit={visited: _never}) if rule.code == "ASL101" else rule for rule in registry.RULES)
    monkeypatch.setattr(registry, "RULES", rules)
    texts = {"a.py": PROGRAM}
    assert Silence(texts, lambda: lint(texts, ["ASL101"])).why("a.py", 6, "ASL101") == said
    assert registry.RULES is rules


def test_a_case_says_what_was_silent(tmp_path: Path) -> None:
    path = tmp_path / "case.py"
    path.write_text("def f():\n    pass  # expect: ASL101\n")
    silent = "the trigger was silent: it picked nothing in lines 1-2"
    assert Case("floating-coroutine", path).wrong() == [f"case.py:2: missing ASL101 ({silent})"]


def test_what_a_rule_lacks_is_named_with_its_path(tmp_path: Path) -> None:
    whole, bare = Rule("ASL998", "whole-rule", "one"), Rule("ASL999", "bare-rule", "two")
    for folder in ("tests/fixtures/whole-rule", "tests/fixtures/bare-rule", "tests/fixtures/old-rule", "docs/rules"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("tests/fixtures/whole-rule/a.py", "docs/rules/whole-rule.md", "docs/rules/old-rule.md"):
        (tmp_path / file).touch()
    assert lacking([whole, bare], tmp_path) == [
        "ASL999 bare-rule: no case in the folder tests/fixtures/bare-rule/",
        "ASL999 bare-rule: no page docs/rules/bare-rule.md",
        "docs/rules/old-rule.md: of no rule",
        "tests/fixtures/old-rule/: of no rule",
    ]


PAGE = """\
# a-rule (ASL999)

## What it finds

## Why it matters

## Example

**Bad**

```python
bad()
```

**Good**, too:

```python
# no heading
good()
```

## Fix and its safety

## Options

## When to ignore it
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", []),
        ("# a-rule (ASL999)", "# a-rule", ["its first line is not `# a-rule (ASL999)`"]),
        ("## Options\n", "", ["no section `## Options`"]),
        ("## Options\n", "### Options\n", ["no section `## Options`"]),
        ("## Options\n", "## Options\n## More\n", ["`More` is none of the sections of a page"]),
        ("**Bad**\n", "", ["no ```python block below a line **Bad**"]),
        ("**Good**, too:\n\n```python", "**Good**, too:\n\n```", ["no ```python block below a line **Good**"]),
    ],
)
def test_what_a_page_lacks_is_named(old: str, new: str, said: list[str]) -> None:
    found = lacks(Rule("ASL999", "a-rule", "one"), PAGE.replace(old, new) if old else PAGE)
    assert found == [f"docs/rules/a-rule.md: {each}" for each in said]


def test_the_order_of_a_pages_sections_is_named() -> None:
    swapped = PAGE.replace("## Options", "## X").replace("## Why it matters", "## Options")
    (said,) = lacks(Rule("ASL999", "a-rule", "one"), swapped.replace("## X", "## Why it matters"))
    assert "in this order" in said


def test_a_page_that_is_missing_is_named() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"ASL999 a-rule has no page docs/rules/a-rule\.md"):
        page(Rule("ASL999", "a-rule", "one"))


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
