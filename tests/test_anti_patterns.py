"""The guide through the anti-patterns: its examples are true, and say what their rules' pages say."""

import re

import pytest

from async_lint.registry import RULES
from tests.harness import ROOT, lint

TEXT = (ROOT / "docs" / "anti-patterns.md").read_text("utf-8")
SECTIONS = {part.splitlines()[0]: part for part in TEXT.split("\n## ")[1:]}
CODES = {rule.name: rule.code for rule in RULES}
BLOCK = re.compile(r"^\*\*(Bad|Good)\*\*(.*?)^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("title", SECTIONS)
def test_the_bad_example_has_the_finding_and_what_is_written_in_its_place_has_none(title: str) -> None:
    (_, named, code), *others = BLOCK.findall(SECTIONS[title])
    (rule, *_) = re.findall(r"\(rules/([\w-]+)\.md\)", named)
    # What is on by default finds it, and finds nothing else.
    assert {each.code for each in lint({"example.py": code}, ["ASL"]).diagnostics} == {CODES[rule]}
    for _, _, mended in others:
        assert lint({"example.py": mended}, ["ASL"]).diagnostics == []
    if not others:
        ((line, unsafe),) = re.findall(
            r"^\*\*Good\*\*: `(.*)`\. `--fix( --unsafe-fixes)?` writes", SECTIONS[title], re.M
        )
        outcome = lint({"example.py": code}, ["ASL"], fix=True, unsafe=bool(unsafe))
        assert outcome.diagnostics == []
        assert line in outcome.texts["example.py"]
    assert "**What Python does**: " in SECTIONS[title]


def test_every_family_has_its_section() -> None:
    first = {re.findall(r"\((ASL\d)\d\d\)", section)[0] for section in SECTIONS.values()}
    assert first == {rule.code[:4] for rule in RULES} - {"ASL9"}


@pytest.mark.parametrize(("name", "code"), re.findall(r"\[([\w-]+)\]\(rules/[\w-]+\.md\)\s\((ASL\d+)\)", TEXT))
def test_codes_are_those_of_the_rules(name: str, code: str) -> None:
    assert CODES[name] == code


def test_it_can_be_read_at_a_sitting() -> None:
    assert len(TEXT.splitlines()) <= 250
