"""`--print-completion`: scripts that shells accept, and what bash completes by them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from async_lint.arguments import SHELLS
from async_lint.cli import main
from async_lint.registry import RULES


def script(capsys: pytest.CaptureFixture[str], shell: str) -> str:
    assert main(["--print-completion", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("shell", SHELLS)
def test_every_script_knows_flags_formats_and_rules(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(capsys, shell)
    words = ["output-format", "sarif", *(rule.code for rule in RULES), *(rule.name for rule in RULES)]
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_accepts_its_script(shell: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    file = tmp_path / "completion"
    file.write_text(script(capsys, shell))
    # tcsh reads and does nothing with `-n`, too, and the rc file of whoever runs this is not read.
    done = subprocess.run(
        [shell, *(["-f"] if shell != "bash" else []), "-n", str(file)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("async-lint --select ASL90", ["ASL900", "ASL901"]),
        ("async-lint --ignore ASL1,missing-t", ["ASL1,missing-timeout"]),
        ("async-lint --explain unread", ["unreadable-file"]),
        ("async-lint --output-format s", ["sarif"]),
        ("async-lint --print-completion z", ["zsh"]),
        ("async-lint --wat", ["--watch"]),
        ("async-lint fil", ["file.py"]),
    ],
)
def test_what_bash_completes(
    line: str, completed: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file.py").touch()
    words = " ".join(f"'{word}'" for word in line.split(" "))
    asked = (
        f"COMP_WORDS=({words}); COMP_CWORD={line.count(' ')}; _shtab_async_lint; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{script(capsys, 'bash')}\n{asked}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert sorted(set(done.stdout.split())) == completed, done.stderr


def test_without_the_package_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["--print-completion", "bash"]) == 2
    assert capsys.readouterr() == (
        "",
        "async-lint: error: --print-completion needs the package shtab: pip install 'async-lint[completion]'\n",
    )
