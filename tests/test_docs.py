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
    path = PAGES / f"{rule.name}.md"
    if not path.exists():
        pytest.fail(f"{rule.code} {rule.name} has no page docs/rules/{path.name}", pytrace=False)
    return path.read_text("utf-8")


def lacks(rule: Rule, text: str) -> list[str]:
    """Return a line for each thing that a page lacks, has twice, in another order, or should not have."""
    where = f"docs/rules/{rule.name}.md"
    found = re.findall(r"^(##?) (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M), re.M)
    title = f"{rule.name} ({rule.code})"
    report = [] if found[:1] == [("#", title)] else [f"{where}: its first line is not `# {title}`"]
    sections = [heading for _, heading in found[1:]]
    report += [f"{where}: no section `## {each}`" for each in SECTIONS if ("##", each) not in found]
    report += [f"{where}: `{each}` is none of the sections of a page" for each in sections if each not in SECTIONS]
    if not report and sections != SECTIONS:
        report.append(f"{where}: its sections are not {', '.join(SECTIONS)}, once each and in this order")
    marks = {block.mark for block in blocks(text)}
    report += [f"{where}: no ```python block below a line **{each}**" for each in ("Bad", "Good") if each not in marks]
    return report


def section(rule: Rule, heading: str) -> str:
    text = page(rule)
    assert f"\n## {heading}\n" in text, f"docs/rules/{rule.name}.md: no section `## {heading}`"
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


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
def test_pages_have_the_same_sections_and_show_bad_and_good(rule: Rule) -> None:
    assert lacks(rule, page(rule)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_pages_name_the_options_and_no_others(rule: Rule) -> None:
    named = set(re.findall(r"^- `([a-z-]+)`", section(rule, "Options"), re.M))
    assert named == {option.key for option in rule.options}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_pages_say_whether_there_is_a_fix(rule: Rule) -> None:
    first = section(rule, "Fix and its safety").lower().split(".")[0]
    says = f"docs/rules/{rule.name}.md: the first sentence below `## Fix and its safety` says `no fix` if there is none"
    assert ("no fix" in first) == (rule.fix is FixAvailability.NONE), says


@pytest.mark.parametrize(("rule", "block"), EXAMPLES)
def test_examples_are_true(rule: Rule, block: Block) -> None:
    where = f"docs/rules/{rule.name}.md:{block.line}"
    # A comment about a rule is judged where that rule is selected.
    codes = [rule.code, *re.findall(r"noqa: (ASL\d+)", block.code)]
    found = {each.code for each in lint({"example.py": block.code}, codes).diagnostics}
    if block.mark == "Bad":
        assert found == {rule.code}, f"{where}: the block below **Bad** is no program with a finding of {rule.code}"
        return
    ast.parse(block.code)
    if block.mark == "Good":
        assert found == set(), f"{where}: the block below **Good** has a finding of {rule.code}"


OTHER_TOOLS = (PAGES.parent / "other-tools.md").read_text("utf-8")
# ASL9 is about this tool itself.
COMPARED = [rule for rule in RULES if rule.code[:4] != "ASL9"]


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
