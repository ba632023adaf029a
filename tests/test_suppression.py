"""`noqa` means what the installed flake8 makes of it: both read the same texts."""

import subprocess
import sys
from pathlib import Path

import pytest

from async_lint.cli import main
from async_lint.files.source import read_source
from async_lint.files.suppression import Suppressions, noqa_ranges

# Each `x=` is an E225 for flake8: a finding on that line.
TEXTS = {
    "none": "x=1\n",
    "blanket": "x=1  # noqa\nx=2\n",
    "code": "x=1  # noqa: E225\nx=2  # noqa:E225\nx=3  # NOQA: E225\n",
    "other code": "x=1  # noqa: E501\nx=2  # noqa: W\nx=3  # noqa: E5,W1\n",
    "prefix": "x=1  # noqa: E2\nx=2  # noqa: E22,W5\nx=3  # noqa: E\n",
    "several": "x=1  # noqa: W1, E225\nx=2  # noqa: W1 E225\nx=3  # noqa:W1,E225 because\n",
    "words": "x=1  # noqa: because\nx=2  # noqa - E501\nx=3  # noqa : E501\nx=4  # noqa:  E501\n",
    "case": "x=1  # noqa: e225\nx=2  # NoQa\nx=3  # Noqa:E225\n",
    "spelling": "x=1  #noqa\nx=2  #  noqa\nx=3  # no qa\nx=4  # type: ignore # noqa\nx=5  # noqa:E501,E225\n",
    "in a string": 'x="# noqa"\nx=1\n',
    "multi-line string": 'x="""\n\n"""  # noqa\nx=1\n',
    "multi-line string, first line": 'x=("""# noqa\n\n""")\nx=1\n',
    "backslash": "x=1 + \\\n    2  # noqa\nx=1 + \\\n    2\n",
    "brackets": "x=[\n    1,  # noqa\n]\ny=[  # noqa\n    1,\n]\nz=f(a=1,\n    b=[\n    ])  # noqa\n",
    "string in brackets": 'f(\n    x=1, y=1 if z else"""\n    """,  # noqa\n    a=b=="""\n"""\n)\n',
    "comment above": "# noqa\nx=1\n",
    "decorated": "@a\n@b  # noqa\ndef f(x=1): y=1\n",
    "nested blocks": "if x:\n    y=1  # noqa\n    if y:\n        z=1\n    a=1  # noqa: E501\nb=1  # noqa\n",
    "string in a class": 'class A:\n    """\n    """  # noqa\n    x=1\n    def f():\n        y="""\n"""  # noqa\n',
    "string in a header": 'def f(x=1, y=2, a: """\n"""="b"):  # noqa\n    """\n    """  # noqa\n    # noqa\n    z=1\n',
    "string behind a semicolon": 'x=1; y="""\n"""; z="""\n"""  # noqa\na=1\nclass A: b="""\n"""; c=1  # noqa\n',
    "string in a branch": 'if x:\n    y=1\nelse:\n    z=("""\n"""  # noqa\n    )\na=1\n',
    "string in a decorator": '@a(\n    """\n""", b=c=="")  # noqa\ndef f(x=1): y=1\n',
    "whole file": "# flake8: noqa\nx=1\n",
    "whole file, late": "x=1\n\n   # flake8: NOQA\n",
    "whole file, equals": "# flake8=noqa\nx=1\n",
    "not at the start": "x=1  # flake8: noqa\ny=1\n",
    "with codes": "# flake8: noqa: E501\nx=1\n",
    "form feed": "\x0cx=1  # noqa\n\x0cy=1\n",
    "crlf": 'x=1  # noqa\r\ny="""\r\n"""  # noqa\r\nz=1\r\n',
    "no last newline": "x=1\ny=1  # noqa",
    "unicode": "é=1  # noqa\nx=1\n",
}


def without_noqa(folder: Path, *flags: str) -> set[tuple[str, int]]:
    command = [
        sys.executable,
        "-m",
        "flake8",
        "--isolated",
        "--jobs=1",
        "--select=E225",
        "--format=%(path)s:%(row)d",
        *flags,
        ".",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    lines = (line.removeprefix("./").rsplit(":", 1) for line in done.stdout.split("\n") if line)
    return {(name, int(row)) for name, row in lines}


def test_the_same_findings_are_covered_as_in_flake8(tmp_path: Path) -> None:
    files = {f"case_{number}.py": text for number, text in enumerate(TEXTS.values())}
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode())
    findings = without_noqa(tmp_path, "--disable-noqa")
    left = without_noqa(tmp_path)
    assert left < findings
    ours = {name: Suppressions(read_source(name, text.encode())) for name, text in files.items()}
    names = dict(zip(files, TEXTS, strict=True))
    different = [
        f"{names[name]}, line {row}: covered {ours[name].covers(row, 'E225')}, in flake8 {(name, row) not in left}"
        for name, row in sorted(findings)
        if ours[name].covers(row, "E225") is ((name, row) in left)
    ]
    assert different == []


@pytest.mark.parametrize(("comment", "covered"), [("ASL101", True), ("ASL1", True), ("ASL", True), ("ASL102", False)])
def test_codes_cover_what_they_begin(comment: str, covered: bool) -> None:
    assert Suppressions(read_source("a.py", f"f()  # noqa: {comment}\n".encode())).covers(1, "ASL101") is covered


def test_a_whole_file_is_left_out() -> None:
    assert Suppressions(read_source("a.py", b"# flake8: noqa\nf()\n")).file_level
    assert not Suppressions(read_source("a.py", b"f()  # noqa\n")).file_level


def test_strings_and_continuations_join_lines_and_brackets_do_not() -> None:
    lines = ["x = '''\n", "'''\n", "y = \\\n", "    1\n", "f(\n", "    1)\n", "\n"]
    assert noqa_ranges(lines) == {1: (1, 2), 2: (1, 2), 3: (3, 4), 4: (3, 4), 5: (5, 5), 6: (6, 6), 7: (7, 7)}


def test_lines_that_are_no_tokens_stand_for_themselves() -> None:
    assert noqa_ranges(["x = '''\n"]) == {}


def test_a_name_for_a_code_is_warned_of_once_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        "async def f(): ...\nf()  # noqa: floating-coroutine\nf()  # noqa: Unused-Coroutine\nf()  # noqa: some-word\n"
    )
    Path("a.py").write_text(text)
    assert main(["."]) == 0
    assert capsys.readouterr().err == (
        "async-lint: warning: a.py:2: `noqa: floating-coroutine` suppresses all that is found on its line, for a name "
        "is no code; write `noqa: ASL101` (1 more like this)\n"
    )
    Path("a.py").write_text("async def f(): ...\nf()  # noqa: ASL101\nprint('# noqa: floating-coroutine')\n")
    assert main(["."]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("selected", ["ASL101", "ASL901"])
def test_a_comment_is_unused_where_its_rule_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], selected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text("async def f(): ...\nprint()  # noqa: ASL101\n")
    assert main(["--select", selected, "."]) == 0
    assert main(["--select", "ASL101,ASL901", "--output-format", "concise", "--quiet", "."]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("a.py:2:10: ASL901 ASL101 in `# noqa: ASL101`")
    assert main(["--select", "ASL101,ASL901", "--fix", "."]) == 0
    assert Path("a.py").read_text() == "async def f(): ...\nprint()\n"


def test_nothing_is_unused_in_a_stub_or_where_a_file_ignores_the_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.pyi").write_text("x = 1  # noqa: ASL101\n")
    Path("b.py").write_text("x = 1  # noqa: ASL101\n")
    Path("async-lint.toml").write_text('extend-select = ["ASL901"]\n[per-file-ignores]\n"b.py" = ["ASL101"]\n')
    assert main(["."]) == 0
    Path("async-lint.toml").write_text('extend-select = ["ASL901"]\n')
    assert main(["."]) == 1
