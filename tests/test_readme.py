"""What the README shows is so."""

import re
from pathlib import Path
from textwrap import indent
from typing import NamedTuple

import pytest

from async_lint.registry import RULES
from tests import warm_process
from tests.harness import lint

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FAMILY = re.compile(r"^\*\*(ASL\d): [^\n]*\n\n```diff\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PREAMBLE = """\
import asyncio
import threading

import httpx


def write(path: str) -> None: ...


class ConfigError(Exception): ...


"""


class Change(NamedTuple):
    """A family's example: the lines before and after."""

    family: str
    before: str
    after: str


def changes() -> list[Change]:
    return [Change(family, program(diff, "-"), program(diff, "+")) for family, diff in FAMILY.findall(README)]


def program(diff: str, mark: str) -> str:
    text = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in (" ", mark))
    if text.startswith("except"):
        text = "def port(text: str) -> int:\n    try:\n        return int(text)\n" + indent(text, "    ")
    return PREAMBLE + text


def test_each_family_has_an_example() -> None:
    assert [change.family for change in changes()] == ["ASL1", "ASL2", "ASL3", "ASL4", "ASL5", "ASL6", "ASL7"]


@pytest.mark.parametrize("change", changes(), ids=lambda change: change.family)
def test_its_examples_are_true(change: Change) -> None:
    everything = [rule.code for rule in RULES]
    settings = 'target-version = "3.11"'
    assert {each.code[:4] for each in lint({"a.py": change.before}, everything, settings).diagnostics} == {
        change.family
    }
    assert lint({"a.py": change.after}, everything, settings).diagnostics == []


@pytest.mark.parametrize("name", ["example", "explain-call", "flake8", "github"])
def test_it_shows_what_is_printed(name: str) -> None:
    shown = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    first, _, rest = shown[1].partition("\n")
    # The example's command stands above its output, in the line that sets everything up.
    command, expected = (first[2:], rest) if first.startswith("$ ") else ("async-lint docs/example", shown[1])
    program, *arguments = command.split()
    assert warm_process.run(program.replace("-", "_"), *arguments, folder=ROOT).stdout.decode() == expected
