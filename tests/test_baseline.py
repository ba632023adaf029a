"""A baseline: what was accepted stays silent when it moves, and what is new does not."""

import json
import os
from pathlib import Path

import pytest

from async_lint.cli import main

HEAD = "async def f(*a): ...\ndef g(*a): ...\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("async-lint.toml").touch()
    Path("a.py").write_text(HEAD + "g(1)\nf(1)\ng(2)\nf(2)\ng(3)\n")
    assert main(["--write-baseline", "base.json", "."]) == 0


@pytest.fixture
def left(capsys: pytest.CaptureFixture[str]) -> "Left":
    capsys.readouterr()
    return Left(capsys)


class Left:
    """The lines with findings that the baseline does not have."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.warnings = ""

    def __call__(self, *flags: str) -> list[str]:
        main(["--baseline", "base.json", "--output-format", "concise", "--quiet", *(flags or ["."])])
        out, self.warnings = self._capsys.readouterr()
        return [line.rsplit(": ASL", 1)[0].rsplit(":", 1)[0] for line in out.splitlines()]


def test_what_was_written_is_silent(left: Left, capsys: pytest.CaptureFixture[str]) -> None:
    assert left() == []
    assert left.warnings == ""
    assert main(["--baseline", "base.json", "."]) == 0
    assert capsys.readouterr().out == "No problems found.\n"
    assert main(["."]) == 1


def test_how_many_were_written_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--write-baseline", "other.json", "."]) == 0
    assert capsys.readouterr().out == "Wrote 2 problems to other.json.\n"


def test_moved_lines_are_known(left: Left) -> None:
    Path("a.py").write_text("# new\n\n" + HEAD + "\n\nif g:\n    g(1)\n\n    f(1)\n    g(2)\n    f(2)\n    g(3)\n")
    assert left() == []


def test_a_renamed_file_is_known(left: Left) -> None:
    os.makedirs("deep")
    os.rename("a.py", "deep/b.py")
    assert left() == []
    assert left("deep/b.py") == []


def test_a_line_whose_neighbours_changed_is_known(left: Left) -> None:
    Path("a.py").write_text(HEAD + "g(7)\nf(1)\ng(8)\nf(2)\ng(9)\n")
    assert left() == []


def test_another_line_is_new(left: Left) -> None:
    Path("a.py").write_text(HEAD + "g(1)\nf(1)\ng(2)\nf(2)\ng(3)\nf(3)\n")
    assert left() == ["a.py:8"]


def test_the_same_line_once_more_is_new(left: Left) -> None:
    Path("a.py").write_text(HEAD + "f(1)\ng(1)\nf(1)\ng(2)\nf(2)\ng(3)\n")
    assert left() == ["a.py:3"]


def test_a_copy_in_another_file_is_new(left: Left) -> None:
    Path("b.py").write_text(Path("a.py").read_text())
    assert left() == ["b.py:4", "b.py:6"]
    assert left("b.py") == ["b.py:4", "b.py:6"]


def test_what_is_there_no_more_is_told(left: Left) -> None:
    Path("a.py").write_text(HEAD + "g(1)\nf(1)\ng(2)\n")
    assert left() == []
    assert "base.json: the baseline has 1 problem that is not there any more" in left.warnings
    Path("a.py").unlink()
    Path("b.py").touch()
    left()
    assert "2 problems that are not there any more" in left.warnings


@pytest.mark.parametrize("flags", [["b.py"], [".", "--select", "ASL4"]])
def test_what_was_not_looked_for_is_not_told(left: Left, flags: list[str]) -> None:
    Path("a.py").write_text(HEAD)
    Path("b.py").touch()
    left(*flags)
    assert left.warnings == ""


def test_a_baseline_is_sorted_and_the_same_from_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("sub").mkdir()
    Path("sub/z.py").write_text(HEAD + "f(9)\n")
    assert main(["--write-baseline", "base.json", "sub", "a.py"]) == 0
    first = Path("base.json").read_bytes()
    entries = json.loads(first)["problems"]
    assert [(each["path"], each["line"], each["count"]) for each in entries] == [
        ("a.py", "f(1)", 1),
        ("a.py", "f(2)", 1),
        ("sub/z.py", "f(9)", 1),
    ]
    monkeypatch.chdir("sub")
    assert main(["--write-baseline", "../base.json", ".."]) == 0
    assert Path("../base.json").read_bytes() == first
    assert main(["--baseline", "../base.json", ".."]) == 0


def test_it_may_stand_in_the_settings(left: Left, capsys: pytest.CaptureFixture[str]) -> None:
    Path("async-lint.toml").write_text('baseline = "base.json"\n')
    Path("sub").mkdir()
    Path("sub/z.py").write_text(HEAD + "f(9)\n")
    assert main(["--output-format", "concise", "--quiet", "."]) == 1
    assert capsys.readouterr().out.startswith("sub/z.py:3:1: ASL101")
    assert main(["--isolated", "a.py"]) == 1
    # What is there is written whole, whatever was accepted before.
    assert main(["--write-baseline", "base.json", "."]) == 0
    assert main(["."]) == 0


def test_what_is_kept_back_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--baseline", "base.json", "--show-suppressed", "--output-format", "concise", "."])
    assert capsys.readouterr().out.count("(suppressed: baseline base.json)") == 2


def test_a_file_that_cannot_be_checked_is_never_accepted(left: Left, capsys: pytest.CaptureFixture[str]) -> None:
    Path("b.py").write_text("f(\n")
    assert main(["--write-baseline", "base.json", "."]) == 1
    assert "b.py:1:2: ASL900" in capsys.readouterr().err
    assert left() == ["b.py:1"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "--baseline: none.json is not a file; --write-baseline writes one"),
        ("[]", "none.json: this is not a baseline of async-lint; --write-baseline writes one"),
        ("{", "none.json: this is not a baseline of async-lint"),
        ('{"version": 1, "problems": [{}]}', "none.json: this is not a baseline of async-lint"),
        ('{"version": 7, "problems": []}', "none.json: version 7 of a baseline of async-lint is not known"),
    ],
)
def test_what_is_no_baseline(capsys: pytest.CaptureFixture[str], text: str | None, sentence: str) -> None:
    if text is not None:
        Path("none.json").write_text(text)
    assert main(["--baseline", "none.json", "."]) == 2
    assert sentence in capsys.readouterr().err


def test_a_baseline_that_cannot_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--write-baseline", "none/base.json", "."]) == 2
    assert "--write-baseline: none/base.json cannot be written: No such file" in capsys.readouterr().err


def test_what_is_accepted_can_be_fixed() -> None:
    assert main(["--baseline", "base.json", "--fix", "--select", "ASL4", "."]) == 0
    Path("a.py").write_text(HEAD + "async def h() -> None:\n    f(1)\n")
    assert main(["--write-baseline", "base.json", "."]) == 0
    assert main(["--baseline", "base.json", "--fix", "."]) == 0
    assert "    await f(1)\n" in Path("a.py").read_text()


@pytest.mark.parametrize("flags", [["--fix"], ["--diff"], ["--statistics"], ["--baseline", "a"], ["--add-noqa"]])
def test_writing_stands_alone(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--write-baseline", "base.json", *flags]) == 2
    assert "--write-baseline cannot be used with" in capsys.readouterr().err
