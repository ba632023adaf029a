"""flake8's runs one after another: what the plugin found is kept, by whichever process found it."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from async_lint.cache import store
from async_lint.cache.store import FOLDER
from tests import warm_process
from tests.flake8_commands import FLAKE8, SPAWNING, run
from tests.in_process import Told, put
from tests.kept_results import PROGRAM, ask

SENDS = PROGRAM["main.py"]


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASYNC_LINT_CACHE_DIR", str(tmp_path / FOLDER))
    put(PROGRAM)
    put({f"more{number}.py": SENDS.replace("'x'", f"'{number}'") for number in range(4)})


def flake8(*flags: str, stdin: str = "", command: Sequence[str] = FLAKE8) -> Told:
    done = run(command, "--isolated", *flags, stdin=stdin.encode())
    assert done.stderr == b""
    return Told(done.returncode, "".join(sorted(done.stdout.decode().splitlines(keepends=True))), "")


def without_cache(*flags: str, stdin: str = "") -> Told:
    before = os.environ["ASYNC_LINT_CACHE_DIR"]
    os.environ["ASYNC_LINT_CACHE_DIR"] = "/dev/null/nowhere"
    try:
        return flake8(*flags, stdin=stdin)
    finally:
        os.environ["ASYNC_LINT_CACHE_DIR"] = before


@pytest.mark.parametrize(
    ("command", "jobs"), [(FLAKE8, "-j1"), (FLAKE8, "-j2"), (SPAWNING, "-j2")], ids=["one", "forked", "spawned"]
)
def test_what_is_found_is_kept_and_told_again(command: Sequence[str], jobs: str) -> None:
    cold = flake8(jobs, ".", command=command)
    assert cold == without_cache(jobs, ".")
    assert cold.out.count("ASL101") == 5
    assert len(ask("select * from files")) == 8
    assert flake8(jobs, ".", command=command) == cold
    # That it is not found anew shows where what is kept is another text.
    for path, text in ask("select path, report from files"):
        assert isinstance(text, str)
        other = store.sealed(store.opened(text).replace("RuntimeError", "OtherError"))
        ask("update files set report = ? where path = ?", other, path)
    assert flake8(jobs, ".", command=command).out == cold.out.replace("RuntimeError", "OtherError")


def test_a_dependency_that_changed() -> None:
    before = flake8(".")
    put({"client.py": PROGRAM["client.py"].replace("async def", "      def")})
    assert flake8(".").out.count("ASL101") == 0
    put(PROGRAM)
    assert flake8(".") == before


@pytest.mark.parametrize(
    "flags",
    [
        ["--select=ASL4"],
        ["--extend-ignore=ASL101", "--extend-select=ASL204,ASL901"],
        ["--per-file-ignores=main.py:ASL1", "--disable-noqa"],
    ],
    ids=" ".join,
)
def test_options(flags: list[str]) -> None:
    put({"quiet.py": SENDS.replace("('x')", "('x')  # noqa: ASL101")})
    before = flake8(".")
    assert flake8(*flags) == without_cache(*flags) != before


def test_settings_that_changed() -> None:
    before = flake8(".")
    put({"pyproject.toml": '[tool.async-lint]\nper-file-ignores = {"main.py" = ["ASL1"]}\n'})
    after = flake8(".")
    assert after == without_cache(".") != before
    put({"pyproject.toml": '[tool.async-lint]\nselct = ["ASL1"]\n'})
    assert flake8(".").code == 1


def test_standard_input_is_not_what_is_on_the_disk() -> None:
    flake8(".")
    flags = ["--stdin-display-name", "main.py", "-"]
    for text, places in ((SENDS.replace("    client", "    await client"), []), (f"\n{SENDS}", ["main.py:6:5"])):
        found = [line for line in flake8(*flags, stdin=text).out.splitlines() if "ASL" in line]
        assert [line.partition(": ")[0] for line in found] == places
    assert "main.py:5:5: ASL101" in flake8("main.py").out


def test_the_command_line_has_results_of_its_own() -> None:
    first = flake8(".")
    done = warm_process.run("async_lint", "--output-format", "concise")
    assert done.stdout.count(b"ASL101") == 5
    assert flake8(".") == first
