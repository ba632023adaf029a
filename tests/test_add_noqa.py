"""`--add-noqa`: the comments are heeded, and nothing else of a file changes."""

import ast
from pathlib import Path

import pytest

from async_lint.cli import main

HEAD = "async def f(*a): ...\ndef g(*a): ...\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def added(text: str) -> str:
    Path("a.py").write_bytes((HEAD + text).encode())
    assert main(["--add-noqa", "a.py"]) == 0
    after = Path("a.py").read_bytes().decode()
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(HEAD + text))
    assert main(["a.py"]) == 0
    # A second time there is nothing left to add.
    assert main(["--add-noqa", "a.py"]) == 0
    assert Path("a.py").read_bytes().decode() == after
    return after.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("g()\n", "g()\n"),
        ("f()\n", "f()  # noqa: ASL101\n"),
        ("f()", "f()  # noqa: ASL101"),
        ("f()\r\ng()\r\n", "f()  # noqa: ASL101\r\ng()\r\n"),
        ("f()  # why\n", "f()  # why  # noqa: ASL101\n"),
        ("f()   \n", "f()  # noqa: ASL101\n"),
        ("f()  # noqa: E501\n", "f()  # noqa: E501, ASL101\n"),
        ("f()  # noqa:E501,W291 because\n", "f()  # noqa:E501,W291, ASL101 because\n"),
        ("f()  # noqa: E501 # why\n", "f()  # noqa: E501, ASL101 # why\n"),
        ("f()  # noqa\n", "f()  # noqa\n"),
        ("f(\n    1,\n)\n", "f(  # noqa: ASL101\n    1,\n)\n"),
        ('f("""\n""")\n', 'f("""\n""")  # noqa: ASL101\n'),
        ('f(f"""\n{1}\n""", """\n""")\n', 'f(f"""\n{1}\n""", """\n""")  # noqa: ASL101\n'),
        ("f(1, \\\n  2)\n", "f(1, \\\n  2)  # noqa: ASL101\n"),
        ("f(1, \\\n  2)  # noqa: E501\n", "f(1, \\\n  2)  # noqa: E501, ASL101\n"),
        ("f(); f()\n", "f(); f()  # noqa: ASL101\n"),
        ('f("é")\n', 'f("é")  # noqa: ASL101\n'),
        ("if g():\n\tf()\n", "if g():\n\tf()  # noqa: ASL101\n"),
    ],
)
def test_where_a_comment_is_put(before: str, after: str) -> None:
    assert added(before) == after


def test_several_codes_share_a_comment() -> None:
    body = "async def h() -> None:\n    print(f()); f()\n"
    assert added(body) == body.replace("; f()", "; f()  # noqa: ASL101, ASL103")


def test_a_summary_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_text(HEAD + "f(); f()\nf()\n")
    Path("b.py").write_text(HEAD + "f()\n")
    assert main(["--add-noqa", "."]) == 0
    assert capsys.readouterr() == ("Added `noqa` comments on 3 lines in 2 files, for 4 problems.\n", "")
    assert main(["--add-noqa", "."]) == 0
    assert capsys.readouterr() == ("No `noqa` comments to add.\n", "")


def test_what_stands_in_a_string_is_not_touched(capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD + 'f("""\n# noqa: E501\n""")\nf()\n'
    Path("a.py").write_text(text)
    assert main(["--add-noqa", "a.py"]) == 2
    assert Path("a.py").read_text() == text.replace("f()\n", "f()  # noqa: ASL101\n")
    out, err = capsys.readouterr()
    assert out == "Added `noqa` comments on 1 line in 1 file, for 1 problem.\n"
    assert err.startswith("async-lint: error: a.py:5: no comment is added: flake8 heeds the `noqa` in a string")


def test_an_encoding_and_a_bom_are_kept() -> None:
    for data in (b"# coding: latin-1\nx = '\xe9'\n", b"\xef\xbb\xbfx = 1\n"):
        Path("a.py").write_bytes(data + HEAD.encode() + b"f()\n")
        assert main(["--add-noqa", "a.py"]) == 0
        assert Path("a.py").read_bytes() == data + HEAD.encode() + b"f()  # noqa: ASL101\n"


def test_a_file_that_cannot_be_checked_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_text("f(\n")
    assert main(["--add-noqa", "a.py"]) == 1
    assert capsys.readouterr().err.startswith("a.py:1:2: ASL900 ")


def test_an_unused_comment_is_not_suppressed_by_another() -> None:
    Path("a.py").write_text("x = 1  # noqa: ASL101\n")
    assert main(["--add-noqa", "--extend-select", "ASL901", "a.py"]) == 0
    assert Path("a.py").read_text() == "x = 1  # noqa: ASL101\n"


def test_a_file_with_hard_links_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_text(HEAD + "f()\n")
    Path("b.txt").hardlink_to("a.py")
    assert main(["--add-noqa", "a.py"]) == 2
    assert Path("b.txt").read_text() == HEAD + "f()\n"
    assert "a.py: not written: the file has 2 hard links" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [["--fix"], ["--diff"], ["-"], ["--statistics"]])
def test_it_stands_alone(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--add-noqa", *flags]) == 2
    assert "--add-noqa" in capsys.readouterr().err
