"""The page for who comes from another tool agrees with the table of the tools' codes, and names settings that exist."""

import re

import pytest

from async_lint.arguments import parse
from async_lint.keys import KEYS
from async_lint.registry import RULES
from tests.harness import ROOT

TEXT = (ROOT / "docs" / "coming-from.md").read_text("utf-8")
TABLE = [
    line.split("|")[1:-1] for line in (ROOT / "docs" / "other-tools.md").read_text("utf-8").splitlines() if "|" in line
]
TOOLS = {cell.strip(): number for number, cell in enumerate(TABLE[0])}
CELLS = {code[0]: row for row in TABLE if (code := re.findall(r"\[(ASL\d+)\]", row[0]))}


def rows(tool: str) -> list[tuple[str, str, str]]:
    """Return the tool, its codes and the rules of each row of its table."""
    section = TEXT.split(f"\n## From {tool}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| ([^|]*) \| ([^|]*ASL\d[^|]*) \|", section, re.MULTILINE)
    return [(tool, theirs, ours) for theirs, ours in found]


@pytest.mark.parametrize(("tool", "theirs", "ours"), [*rows("ruff"), *rows("flake8-async")])
def test_rows_are_those_of_the_table(tool: str, theirs: str, ours: str) -> None:
    codes, rules = re.findall(r"`(\w+)`", theirs), re.findall(r"ASL\d+", ours)
    known = {rule: re.findall(r"`(\w+)`", CELLS[rule][TOOLS[tool]]) for rule in rules}
    assert codes
    for code in codes:
        assert any(code in cell for cell in known.values()), code
    for rule, cell in known.items():
        assert set(codes) & set(cell), rule


def test_rules_and_settings_that_are_named_exist() -> None:
    assert set(re.findall(r"ASL\d{3}", TEXT)) <= {rule.code for rule in RULES}
    settings = TEXT.split("| ruff's setting | async-lint's |")[1].split("\n\n")[0]
    # It stands in `[project]`.
    same = set(re.findall(r"`([a-z][a-z-]+)`", settings)) - {"requires-python"}
    assert {"select", "per-file-ignores", "extend-exclude"} <= same <= set(KEYS)
    flags = re.findall(r"`(--[a-z-]+)`", settings)
    assert len(flags) == 5
    assert all(vars(parse([flag]))[flag[2:].replace("-", "_")] for flag in flags)
