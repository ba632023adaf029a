"""The rules' pages: all have the same sections, and their examples are true.

A page's examples are ```python blocks below a line **Bad** or **Good**; text may follow on that line.
"""

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from async_lint.model import FixAvailability
from async_lint.registry import RULES
from async_lint.rule import Rule
from tests.harness import lint

PAGES = Path(__file__).parent.parent / "docs" / "rules"
SECTIONS = [
    "What it finds",
    "Why it matters",
    "Example",
    "Fix and its safety",
    "Options",
    "When to ignore it",
]


class Block(NamedTuple):
    """A ```python block: `mark` is "Bad", "Good" or, unmarked, empty. `line` is where it begins on the page."""

    mark: str
    code: str
    line: int


def page(rule: Rule) -> str:
    return (PAGES / f"{rule.name}.md").read_text("utf-8")


_BLOCK = re.compile(r"(?:^\*\*(Bad|Good)\*\*[^\n]*\n+)?^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(text: str) -> list[Block]:
    return [Block(each[1] or "", each[2], text.count("\n", 0, each.start(2)) + 1) for each in _BLOCK.finditer(text)]


EXAMPLES = [
    pytest.param(rule, block, id=f"{rule.name}-{block.mark.lower() or 'other'}-{block.line}")
    for rule in RULES
    if (PAGES / f"{rule.name}.md").exists()
    for block in blocks(page(rule))
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_pages_have_the_same_sections(rule: Rule) -> None:
    title, *headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", page(rule), flags=re.S | re.M), re.M)
    assert title == f"{rule.name} ({rule.code})"
    assert headings == SECTIONS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_pages_name_the_options_and_no_others(rule: Rule) -> None:
    options = page(rule).split("\n## Options\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^- `([a-z-]+)`", options, re.M)) == {option.key for option in rule.options}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_pages_say_whether_there_is_a_fix(rule: Rule) -> None:
    said = page(rule).split("\n## Fix and its safety\n")[1].split("\n## ")[0]
    assert ("no fix" in said.lower().split(".")[0]) == (rule.fix is FixAvailability.NONE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_pages_show_bad_and_good(rule: Rule) -> None:
    assert {block.mark for block in blocks(page(rule))} >= {"Bad", "Good"}


@pytest.mark.parametrize(("rule", "block"), EXAMPLES)
def test_examples_are_true(rule: Rule, block: Block) -> None:
    found = {each.code for each in lint({"example.py": block.code}, [rule.code]).diagnostics}
    if block.mark == "Bad":
        assert found == {rule.code}
        return
    ast.parse(block.code)
    if block.mark == "Good":
        assert found == set()


OTHER_TOOLS = (PAGES.parent / "other-tools.md").read_text("utf-8")
COMPARED = [rule for rule in RULES if rule.code[:4] in ("ASL1", "ASL3")]


@pytest.mark.parametrize("rule", COMPARED, ids=lambda rule: rule.name)
def test_other_tools_have_a_row_a_section_and_a_link(rule: Rule) -> None:
    anchor = f"#{rule.code.lower()}-{rule.name}"
    assert f"\n| [{rule.code}]({anchor}) |" in OTHER_TOOLS
    assert f"\n## {rule.code} {rule.name}\n" in OTHER_TOOLS
    assert f"(../other-tools.md{anchor})" in page(rule)


def test_the_row_of_each_rule_has_a_cell_for_each_tool() -> None:
    rows = [line for line in OTHER_TOOLS.splitlines() if line.startswith("|")]
    assert len(rows) == len(COMPARED) + 2
    assert {row.count("|") for row in rows} == {rows[0].count("|")}
