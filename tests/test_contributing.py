"""The example of CONTRIBUTING.md: its rule, its case and its page are put in place, and what is collected is run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
NAME = "ignored-answer"
RULE = f"async_lint/rules/{NAME.replace('-', '_')}.py"
CASES = f"tests/fixtures/{NAME}"
# The definition elsewhere, under another module's name, as most libraries have it.
RE_EXPORTED = {
    "main.py": "import answers\n\nanswers.ask()  # expect: ASL999\n",
    "answers/__init__.py": "from answers._asking import ask\n",
    "answers/_asking.py": "def ask() -> int:\n    return 1\n",
}


def step(number: int) -> str:
    """Return the first block of a step."""
    text = TEXT.split(f"\n**{number}. ")[1]
    found = re.search(r"^(`{3,4})\w+\n(.*?)^\1$", text, re.DOTALL | re.MULTILINE)
    assert found is not None, f"step {number} has no block"
    return found[2]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and of the tests of rules, with the example in it."""
    root = tmp_path_factory.mktemp("copy")
    # What is compiled goes along: it is as true of the copies, which keep their times.
    ignored = shutil.ignore_patterns(".*")
    for folder in ("async_lint", "docs", "tests/fixtures"):
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    for file in ("pyproject.toml", *(f"tests/{each}" for each in ("conftest", "harness", "silence"))):
        path = file if file.endswith("toml") else f"{file}.py"
        shutil.copy(ROOT / path, root / path)
    for file in ("test_rules.py", "test_docs.py"):
        shutil.copy(ROOT / "tests" / file, root / "tests" / file)
    new = {RULE: step(2), f"{CASES}/dropped.py": step(1), f"docs/rules/{NAME}.md": step(3)}
    new |= {f"{CASES}/re_exported/{name}": text for name, text in RE_EXPORTED.items()}
    for name, text in new.items():
        assert not (root / name).exists()
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def run_tests(tree: Path) -> "subprocess.CompletedProcess[str]":
    chosen = ["-k", f"{NAME} or every_rule or codes_and_names", "tests/test_rules.py", "tests/test_docs.py"]
    # The tests import the copy, whatever is installed: `pythonpath` of its own pyproject.toml comes first.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", *chosen]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def test_the_example_is_a_rule_whose_tests_pass(tree: Path) -> None:
    done = run_tests(tree)
    assert done.returncode == 0, done.stdout + done.stderr
    for case in ("dropped.py", "re_exported"):
        assert f"test_what_is_found_is_what_is_expected[{NAME}/{case}]" in done.stdout
    for test in ("show_bad_and_good", "name_the_options_and_no_others", "say_whether_there_is_a_fix"):
        assert re.search(rf"PASSED \S+{test}\[{NAME}\]", done.stdout)
    assert f"test_examples_are_true[{NAME}-bad-" in done.stdout


def test_what_the_example_warns_of_fails(tree: Path) -> None:
    """A name that is compared by hand is not found where a package exports what it defines elsewhere."""
    path = tree / RULE
    rule = path.read_text("utf-8")
    called = 'context.is_called(call, "answers.ask")'
    assert called in rule
    path.write_text(rule.replace(called, 'context.name_of(call.func) == "answers.ask"'), "utf-8")
    try:
        done = run_tests(tree)
    finally:
        path.write_text(rule, "utf-8")
    assert done.returncode == 1
    assert "main.py:3: missing ASL999 (the check was silent: a trigger picked line 3" in done.stdout
    assert f"PASSED tests/test_rules.py::test_what_is_found_is_what_is_expected[{NAME}/dropped.py]" in done.stdout


def test_the_rule_of_the_example_has_the_style_of_the_others() -> None:
    for command in (["check", "--config", str(ROOT / "pyproject.toml")], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", RULE, "-"],
            input=step(2), cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_table_of_files_is_that_of_the_example() -> None:
    for path in (RULE, f"{CASES}/", f"docs/rules/{NAME}.md"):
        assert f"| `{path}` |" in TEXT
