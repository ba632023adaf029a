"""Runs one after another: the next one is told what the one before found, as long as nothing has changed."""

import io
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from async_lint.arguments import FORMATS
from async_lint.cache.store import FOLDER, NAME
from tests.in_process import lint, put

SENDS = "from client import Client\n\n\nasync def main(client: Client) -> None:\n    client.send('x')\n"
PROGRAM = {
    "pyproject.toml": '[tool.async-lint]\nper-file-ignores = {"app/old.py" = ["ASL1"]}\n',
    "client.py": "class Client:\n    async def send(self, text): ...\n",
    "app/main.py": SENDS,
    "app/old.py": SENDS,
    "app/quiet.py": SENDS.replace("('x')", "('x')  # noqa: ASL101"),
    "app/named.py": SENDS.replace("('x')", "('x')  # noqa: floating-coroutine"),
    "app/whole.py": "# flake8: noqa\n" + SENDS,
    "broken.py": "def f(:\n",
    "latin.py": "x = 'é'\n",
    "load.py": "try:\n    load()\nexcept ValueError as error:\n    raise RuntimeError\n",
}


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(PROGRAM)
    Path("latin.py").write_bytes("x = 'é'\n".encode("latin-1"))


@pytest.fixture
def times_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the times of files tell something although they are as young as the test."""
    monkeypatch.setattr("async_lint.cache.trace._TICK", 0)


@pytest.mark.parametrize(
    "shown",
    [*(["--output-format", name] for name in FORMATS), ["--statistics"], ["--show-suppressed"], ["-q", "-e"]],
    ids=" ".join,
)
def test_a_second_run_tells_the_same_and_checks_nothing(shown: Sequence[str], checked: list[str]) -> None:
    first = lint(*shown)
    assert "main.py" in checked
    checked.clear()
    assert lint(*shown) == first
    assert checked == []
    assert lint("--no-cache", *shown) == first
    assert "main.py" in checked


@pytest.mark.parametrize("output_format", FORMATS)
def test_how_it_is_shown_is_no_other_run(output_format: str, checked: list[str]) -> None:
    lint()
    checked.clear()
    shown = ["--output-format", output_format, "--output-file", "../report.sarif", "--jobs", "1"]
    told, report = lint(*shown), Path("../report.sarif").read_bytes()
    assert checked == []
    assert told == lint("--no-cache", *shown)
    assert Path("../report.sarif").read_bytes() == report


@pytest.mark.parametrize("output_format", FORMATS)
def test_the_same_project_asked_for_in_another_way(
    output_format: str, checked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lint(".")
    checked.clear()
    shown = ["--output-format", output_format, "--show-suppressed"]
    for folder, asked in ((".", ["app"]), ("app", ["."]), ("app", ["../app", "../client.py", "main.py"])):
        monkeypatch.chdir(tmp_path / folder)
        told = lint(*shown, *asked)
        assert checked == []
        assert told == lint(*shown, "--no-cache", *asked)
        checked.clear()
    assert lint("--output-format", "concise", "main.py").out.startswith("main.py:5:5: ASL101 ")
    assert checked == []


def test_one_file_after_another(checked: list[str]) -> None:
    lint("app/main.py")
    lint("load.py")
    assert checked == ["main.py", "load.py"]
    lint("load.py", "app/main.py", "app/old.py")
    assert checked == ["main.py", "load.py", "old.py"]


@pytest.mark.usefixtures("times_tell")
def test_what_is_of_no_account(checked: list[str]) -> None:
    before = lint()
    checked.clear()
    os.utime("client.py")
    os.utime("app/main.py", (1, 1))
    put({"README.md": "text", "app/__pycache__/main.pyc": "", "data.csv": "1"})
    Path("client.py").write_text(Path("client.py").read_text())
    assert lint() == before
    assert checked == []


@pytest.mark.usefixtures("times_tell")
def test_a_touched_file_is_read_once(checked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lint()
    os.utime("client.py")
    read: list[str] = []

    def noted(path: str) -> bytes:
        read.append(os.path.basename(path))
        return Path(path).read_bytes()

    monkeypatch.setattr("async_lint.cache.changes._read", noted)
    lint()
    assert read == ["client.py"]
    lint()
    assert read == ["client.py"]


def test_settings_of_the_command_line_are_another_run() -> None:
    for flags in ([], ["--select", "ASL4"], ["--ignore", "ASL4"], ["--isolated"], ["--extend-select", "ALL"], []):
        assert lint(*flags) == lint("--no-cache", *flags)
    assert lint("--select", "ASL4") != lint()


def test_an_excluded_file_that_is_given() -> None:
    put({"pyproject.toml": '[tool.async-lint]\nextend-exclude = ["load.py"]\n'})
    for flags in ([], ["--force-exclude"], []):
        assert lint(*flags, "load.py") == lint("--no-cache", *flags, "load.py")
    assert lint("load.py") != lint("--force-exclude", "load.py")


def test_errors_are_told_each_time(checked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        told = lint("missing.py", "load.py")
        assert (told.code, told.err) == (2, "async-lint: error: missing.py: no such file or directory\n")
    assert checked == ["load.py"]
    monkeypatch.setattr("async_lint.project.check", lambda *_: 1 / 0)
    for _ in range(2):
        assert "ZeroDivisionError" in lint("client.py").err


def test_a_project_without_rules_is_warned_of_each_time() -> None:
    put({"pyproject.toml": '[tool.async-lint]\nignore = ["ALL", "ASL900"]\n'})
    first = lint()
    assert "no rule is selected for" in first.err
    assert lint() == first


def test_standard_input_is_not_what_is_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:

    lint()
    for text, expected in (("x = 1\n", 0), (SENDS, 1)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert lint("--stdin-filename", "app/main.py", "-").code == expected
    assert lint("app/main.py").code == 1


def test_where_results_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASYNC_LINT_CACHE_DIR")
    lint("--no-cache")
    assert not Path(FOLDER).exists()
    monkeypatch.chdir("app")
    lint()
    monkeypatch.chdir("..")
    assert sorted(os.listdir(FOLDER)) == [".gitignore", "CACHEDIR.TAG", NAME]
    assert Path(FOLDER, ".gitignore").read_text().endswith("\n*\n")
    # https://bford.info/cachedir
    assert Path(FOLDER, "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert not Path("app", FOLDER).exists()
    monkeypatch.setenv("ASYNC_LINT_CACHE_DIR", "named/by/environment")
    lint()
    assert Path("named/by/environment", NAME).is_file()
    lint("--cache-dir", "named/by/flag")
    assert Path("named/by/flag", NAME).is_file()
