"""What is known of published libraries: `libraries/` holds a program of typical use for each.

The comments are those of the fixtures: a line that says `# expect: ASL101` is reported, every other line is silent.
"""

from pathlib import Path

import pytest

from tests.harness import differences, expectations, lint, without_expectations

PROGRAMS = sorted((Path(__file__).parent / "libraries").glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_dropped_awaitables_are_found_and_nothing_else(program: Path) -> None:
    text = program.read_text("utf-8")
    found = lint({"main.py": without_expectations(text)}, ["ASL101"]).diagnostics
    assert differences(expectations("main.py", text), found) == []
