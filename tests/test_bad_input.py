"""Input that cannot be read: one message that names file and place, every other file checked, nothing written."""

import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from async_lint.files import ports
from async_lint.files.ports import Disk
from tests import warm_process
from tests.in_process import Told, lint

ROOT = Path(__file__).parent.parent
GOOD = "try:\n    import_it()\nexcept ImportError as error:\n    raise RuntimeError\n"
FOUND_IN_GOOD = "good.py:4:5: ASL401 "


@pytest.fixture(autouse=True)
def _good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.py").write_text(GOOD)


def run(*arguments: str) -> Told:
    return lint("--output-format", "concise", "--quiet", *arguments)


def process(*arguments: str, stdin: int | None = None) -> "subprocess.CompletedProcess[str]":
    """Run it in a process of its own, for what might end one."""
    command = ["--output-format", "concise", "--quiet", *arguments]
    done = warm_process.run("async_lint", *command, stdin=b"" if stdin is None else stdin)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def lines(*arguments: str) -> list[str]:
    """Run the command, which finds something, and return the lines that are not about `good.py`."""
    done = run(*arguments)
    assert (done.code, done.err) == (1, "")
    found = done.out.splitlines()
    assert [line for line in found if line.startswith(FOUND_IN_GOOD)]
    return [line for line in found if not line.startswith(FOUND_IN_GOOD)]


@pytest.mark.parametrize(
    ("data", "start"),
    [
        (b"x = 1\ny = '\xe9'\n", "2:6: ASL900 byte 0xe9 is not valid utf-8"),
        (b"# -*- coding: nonsense -*-\n", "1:1: ASL900 the declared encoding cannot be used"),
        (b"def f(:\n", "1:7: ASL900 syntax error: "),
        (b"x = 1\nif x:\n", "2:6: ASL900 syntax error: expected an indented block"),
        (b"x = 1\ny = '\0'\n", "2:6: ASL900 the file contains a NUL byte"),
    ],
)
def test_a_file_that_cannot_be_parsed(data: bytes, start: str) -> None:
    Path("bad.py").write_bytes(data)
    [line] = lines()
    assert line.startswith(f"bad.py:{start}")
    assert run("--fix").code == 1
    assert Path("bad.py").read_bytes() == data
    assert "from error" in Path("good.py").read_text()


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b"\x0c", b"# only a comment"])
def test_a_file_with_nothing_in_it(data: bytes) -> None:
    Path("empty.py").write_bytes(data)
    assert lines() == []
    run("--fix")
    assert Path("empty.py").read_bytes() == data


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 2000 + "1" + ")" * 2000 + "\n",
        "async def f():\n    try:\n        pass\n    except ValueError:\n        raise KeyError("
        + "(" * 150
        + ")" * 150
        + ")\n",
        "x = " + "-" * 5000 + "1\n",
        "x = " + " + ".join(["1"] * 5000) + "\n",
    ],
)
def test_nesting_does_not_take_the_process_down(text: str) -> None:
    Path("deep.py").write_text(text)
    done = process()
    assert (done.returncode, done.stderr) == (1, "")
    found = done.stdout.splitlines()
    assert [line for line in found if line.startswith(FOUND_IN_GOOD)]
    found = [line for line in found if not line.startswith(FOUND_IN_GOOD)]
    assert all(line.startswith("deep.py:") and " ASL" in line for line in found)


def test_two_thousand_parentheses_are_told_of() -> None:
    Path("deep.py").write_text("x = " + "(" * 2000 + "1" + ")" * 2000 + "\n")
    [line] = lines()
    assert line.startswith("deep.py:1:")
    assert " ASL900 " in line


def test_a_path_that_does_not_exist() -> None:
    done = run("missing.py", "good.py")
    assert (done.code, done.err) == (2, "async-lint: error: missing.py: no such file or directory\n")
    assert done.out.startswith(FOUND_IN_GOOD)


def test_a_broken_link() -> None:
    Path("gone.py").symlink_to("nowhere.py")
    assert lines() == ["gone.py:1:1: ASL900 file cannot be read: No such file or directory"]
    assert lines("gone.py", "good.py") == ["gone.py:1:1: ASL900 file cannot be read: No such file or directory"]


def test_a_loop_of_links() -> None:
    Path("a.py").symlink_to("b.py")
    Path("b.py").symlink_to("a.py")
    assert [line.split(" ")[1] for line in lines()] == ["ASL900", "ASL900"]


def test_a_pipe_is_not_waited_for() -> None:
    os.mkfifo("pipe.py")
    assert lines() == []


NOT_REGULAR = "ASL900 file cannot be read: it is not a regular file"
TOO_LARGE = "ASL900 file cannot be read: it is larger than 20 MB"


def test_a_link_to_a_device_is_not_read() -> None:
    Path("zero.py").symlink_to("/dev/zero")
    Path("a.py").write_text("import zero\n\nzero.f()\n")
    assert lines() == [f"zero.py:1:1: {NOT_REGULAR}"]
    assert lines("zero.py", "good.py") == [f"zero.py:1:1: {NOT_REGULAR}"]


def test_what_is_no_regular_file_and_was_asked_for() -> None:
    os.mkfifo("pipe.py")
    Path("link.py").symlink_to("pipe.py")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.py")
        found = lines("pipe.py", "link.py", "socket.py", "/dev/null", "good.py")
    assert found == [f"{name}:1:1: {NOT_REGULAR}" for name in ("pipe.py", "link.py", "socket.py", "/dev/null")]


def test_a_file_without_end_is_read_to_the_limit() -> None:
    with open("large.py", "wb") as file:
        file.truncate(200 * ports.MAX_BYTES)
    Path("a.py").write_text("import large\n\nlarge.f()\n")
    assert lines() == [f"large.py:1:1: {TOO_LARGE}"]


def test_the_limit_is_what_is_still_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ports, "MAX_BYTES", 10)
    Path("ten.py").write_bytes(b"x" * 10)
    Path("eleven.py").write_bytes(b"x" * 11)
    assert Disk().read(tmp_path / "ten.py") == b"x" * 10
    with pytest.raises(OSError, match="it is larger than"):
        Disk().read(tmp_path / "eleven.py")


@pytest.mark.parametrize("name", [".gitignore", "pyproject.toml"])
def test_somebody_elses_settings_that_are_a_device(name: str) -> None:
    Path(name).symlink_to("/dev/zero")
    assert lines() == []


def test_own_settings_that_are_a_device(tmp_path: Path) -> None:
    Path("async-lint.toml").symlink_to("/dev/zero")
    done = run()
    message = f"async-lint: error: {tmp_path}/async-lint.toml: cannot be read as TOML: it is not a regular file\n"
    assert (done.code, done.err) == (2, message)


def test_standard_input_without_end() -> None:
    with open("/dev/zero", "rb") as zero:
        done = process("-", stdin=zero.fileno())
    assert (done.returncode, done.stderr) == (2, "async-lint: error: -: standard input is larger than 20 MB\n")


HEAD = "import asyncio\n\nasync def work() -> int: ...\n\nasync def main(loop) -> None:\n"
MANY = (
    "work()",
    "unused_{i} = work()",
    "asyncio.create_task(work())",
    "task_{i} = asyncio.create_task(work())",
    "list(map(asyncio.sleep, [{i}]))",
    "asyncio.get_running_loop().call_soon(asyncio.sleep, {i})",
    "await (await asyncio.open_connection('a', {i}))[0].read()",
)


def found_in(body: str) -> list[dict[str, Any]]:
    Path("body.py").write_text(f"{HEAD}    {body}\n")
    done = run("body.py", "--isolated", "--select", "ALL", "--output-format", "json")
    assert done.err == ""
    found: list[dict[str, Any]] = json.loads(done.out)
    return found


@pytest.mark.parametrize("separator", ["\n    ", "; "], ids=["a function", "a line"])
@pytest.mark.parametrize("statement", MANY)
def test_a_finding_among_five_hundred_is_the_finding_it_is_alone(statement: str, separator: str) -> None:
    [one] = found_in(statement.replace("{i}", "12345"))
    found = found_in(separator.join(statement.replace("{i}", str(index)) for index in range(10000, 10500)))
    assert len(found) == 500
    length = len(statement.replace("{i}", "12345")) + len(separator)
    for index, each in enumerate(found):
        assert (each["code"], each["message"]) == (one["code"], one["message"].replace("12345", str(10000 + index)))
        column = one["location"]["column"] + (0 if "\n" in separator else index * length)
        assert each["location"] == {"row": 6 + (index if "\n" in separator else 0), "column": column}


def test_ways_out_of_a_function_matter_to_names_that_do_not_stand_there() -> None:
    Path("ways.py").write_text(
        "async def work() -> int: ...\n\nasync def main(flag: bool) -> None:\n"
        "    for each in range(9):\n        lost = work()\n        if flag:\n            break\n        await lost\n"
        "    while True:\n        kept = work()\n        if flag:\n            continue\n        await kept\n"
        "    print(kept)\n"
    )
    assert lines("ways.py", "good.py", "--isolated", "--select", "ALL", "--ignore", "ASL2") == []


def test_a_folder_named_like_a_module() -> None:
    Path("folder.py").mkdir()
    Path("folder.py/inner.py").write_text("x = (\n")
    [line] = lines()
    assert line.startswith("folder.py/inner.py:1:5: ASL900 ")


def test_control_characters_in_a_name() -> None:
    Path("a\x1b[31m\n.py").write_text("x = (\n")
    [line] = lines()
    assert line.startswith("a\\x1b[31m\\x0a.py:1:5: ASL900 ")


def test_a_name_that_is_not_unicode() -> None:
    Path(os.fsdecode(b"\xff.py")).write_text("x = (\n")
    [line] = lines()
    assert line.startswith("\\xff.py:1:5: ASL900 ")


# Whoever runs the tests as root is not held back by permissions: the process gives them up once all is imported,
# since it may not even read its own modules afterwards.
UNPRIVILEGED = """
import contextlib, io, os, sys
from async_lint.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main(["--output-format", "concise", "good.py"])
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(["--output-format", "concise", "--quiet"]))
"""


@pytest.fixture
def closed() -> Iterator[Path]:
    """A path that nobody may read, in a folder that everybody may."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        Path(folder, "good.py").write_text(GOOD)
        yield Path(folder, "closed")


def unprivileged(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    return done.stdout.splitlines()


def test_a_folder_without_permission(closed: Path) -> None:
    closed.mkdir()
    closed.chmod(0)
    try:
        found, good = unprivileged(closed.parent)
    finally:
        closed.chmod(stat.S_IRWXU)
    assert found == "closed:1:1: ASL900 directory cannot be listed: Permission denied"
    assert good.startswith(FOUND_IN_GOOD)


def test_a_file_without_permission(closed: Path) -> None:
    closed.with_suffix(".py").touch(0)
    found, good = unprivileged(closed.parent)
    assert found == "closed.py:1:1: ASL900 file cannot be read: Permission denied"
    assert good.startswith(FOUND_IN_GOOD)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("slect = []", "unknown key `slect`; did you mean `select`?"),
        ("select = 1", "`select` must be an array of strings, not an integer"),
        ('select = ["ASL999"]', "`select` names no rule: `ASL999`"),
        ("select = [", "cannot be read as TOML: "),
        ('python = "x\\u0000y"', "`python` must be the path of an interpreter or environment, but has a NUL"),
        ('python = "/nope"', "`python`: /nope does not exist"),
        ('python = "~nobodyhere/x"', "`python`: "),
        ('target-version = "3.99"', "`target-version` must be a version from "),
        ('exclude = ["["]', "`exclude`: the pattern `[` has a `[` without its `]`"),
        ('exclude = ["[z-a].py"]', "`exclude`: the pattern `[z-a].py` has the range `z-a`, which runs backwards"),
        ('extend-exclude = ["./gen"]', "`extend-exclude`: the pattern `./gen` has a `.` or `..` in it"),
        ('[per-file-ignores]\n"[z" = ["ASL1"]', "`per-file-ignores`: the pattern `[z` has a `[` without its `]`"),
        ('src = ["nope"]', "`src`: there is no folder `nope` in "),
        ('src = ["/nope/*"]', "`src`: there is no folder `/nope/*` in "),
        ("default-timeout = -5", "`default-timeout` must be a finite number above 0, not -5"),
        ("default-timeout = nan", "`default-timeout` must be a finite number above 0, not nan"),
        (
            f"default-timeout = 0x{'f' * 6000}",
            "`default-timeout` must be a finite number above 0, not one of that size",
        ),
        ('select = [""]', "`select` names no rule: ``"),
    ],
    ids=lambda value: value[:40],
)
def test_settings_that_cannot_be_used(tmp_path: Path, settings: str, message: str) -> None:
    Path("part").mkdir()
    Path("part/other.py").write_text(GOOD)
    Path("part/async-lint.toml").write_text(settings)
    done = run("--fix")
    assert done.code == 2
    assert done.err.startswith(f"async-lint: error: {tmp_path}/part/async-lint.toml: {message}")
    assert Path("part/other.py").read_text() == GOOD


LATIN = "# -*- coding: latin-1 -*-\nname = 'é'\n"


@pytest.mark.parametrize(
    ("before", "encoding"),
    [
        (GOOD.replace("\n", "\r\n"), "utf-8"),
        (GOOD, "utf-8-sig"),
        (GOOD.replace("    ", "\t"), "utf-8"),
        (GOOD.replace("try:", "x = 1\n\x0c\ntry:"), "utf-8"),
        ("\x0c" + GOOD, "utf-8"),
        (GOOD.rstrip("\n"), "utf-8"),
        (LATIN + GOOD, "latin-1"),
        ("x = '日本'; y = 1  \n" + GOOD, "utf-8"),
        (GOOD.replace("json\n", "json\r\n"), "utf-8"),
    ],
)
def test_what_surrounds_a_fix_is_kept_byte_for_byte(before: str, encoding: str) -> None:
    Path("good.py").write_bytes(before.encode(encoding))
    mode = stat.S_IRUSR | stat.S_IWUSR | stat.S_IXUSR
    Path("good.py").chmod(mode)
    done = run("--fix")
    assert done.code == 0, done.out
    expected = before.replace("raise RuntimeError", "raise RuntimeError from error")
    assert Path("good.py").read_bytes() == expected.encode(encoding)
    assert stat.S_IMODE(Path("good.py").stat().st_mode) == mode


def test_a_line_of_gitignore_that_git_passes_over() -> None:
    Path("part").mkdir()
    Path("part/.gitignore").write_text("[z-a].py\n[\n\\\n!\n")
    Path(".gitignore").write_text("[z-a].py\n")
    Path(".git").mkdir()
    assert lines() == []
    assert lines("good.py") == []


def test_a_notebook_without_code_is_read() -> None:
    Path("book.ipynb").write_text('{"cells": []}\n')
    assert lines("book.ipynb", "good.py") == []


def test_an_environment_with_nul_characters_in_its_files() -> None:
    packages = Path(".venv/lib/python3.11/site-packages")
    packages.mkdir(parents=True)
    Path(".venv/pyvenv.cfg").write_text("home = /x\0/bin\ninclude-system-site-packages = true\n")
    (packages / "links.pth").write_text("a\0b/c\n")
    Path("good.py").write_text("import nothing\n\nnothing.at_all()\n" + GOOD)
    done = run()
    assert (done.code, done.err) == (1, "")
