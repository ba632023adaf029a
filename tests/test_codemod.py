"""The fixes through libcst's own tool."""

import subprocess
from pathlib import Path

import libcst as cst
from libcst.codemod import CodemodContext

from async_lint.codemod import FixCommand
from tests import warm_process

PROGRAM = """\
import asyncio


async def main() -> None:
    asyncio.sleep(1)  # a pause
"""
FIXED = PROGRAM.replace("    asyncio.sleep", "    await asyncio.sleep")
LOOP = """\
import asyncio

import httpx


async def pages(client: httpx.AsyncClient, urls: list[str]) -> list[httpx.Response]:
    return [await client.get(url) for url in urls]
"""


def codemod(folder: Path, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    command = ["codemod", "--no-format", "-x", "async_lint.codemod.FixCommand", *arguments]
    done = warm_process.run("libcst.tool", *command, folder=folder, stdin=stdin.encode())
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def write(folder: Path, text: str = PROGRAM, name: str = "app.py") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def test_it_applies_the_safe_fixes(tmp_path: Path) -> None:
    path = write(tmp_path)
    done = codemod(tmp_path, "app.py")
    assert done.returncode == 0, done.stderr
    assert "Transformed 1 files successfully" in done.stderr
    assert path.read_text() == FIXED


def test_what_a_call_returns_is_read_from_other_modules(tmp_path: Path) -> None:
    write(tmp_path, "class Client:\n    async def send(self) -> None: ...\n", "client.py")
    path = write(tmp_path, "from client import Client\n\nasync def main(client: Client) -> None:\n    client.send()\n")
    assert codemod(tmp_path, ".").returncode == 0
    assert path.read_text().endswith("    await client.send()\n")


def test_unsafe_fixes_want_to_be_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, LOOP)
    assert codemod(tmp_path, "app.py").returncode == 0
    assert path.read_text() == LOOP
    assert codemod(tmp_path, "--unsafe-fixes", "app.py").returncode == 0
    assert "await asyncio.gather(*(client.get(url) for url in urls))" in path.read_text()


def test_every_byte_outside_the_edits_stays(tmp_path: Path) -> None:
    latin = "# -*- coding: latin-1 -*-\n" + PROGRAM.replace("pause", "p\xe5use")
    before = {
        "bom.py": ("\ufeff" + PROGRAM).encode(),
        "crlf.py": PROGRAM.replace("\n", "\r\n").encode(),
        "form_feed.py": ("\f" + PROGRAM).encode(),
        "carriage_return.py": ("first = 1\rsecond = 2\r" + PROGRAM).encode(),
        "no_last_newline.py": PROGRAM.removesuffix("\n").encode(),
        "tabs.py": PROGRAM.replace("    ", "\t").encode(),
        "latin.py": latin.encode("latin-1"),
    }
    after = {name: data.replace(b"asyncio.sleep", b"await asyncio.sleep") for name, data in before.items()}
    # Without a finding there is nothing to edit, and libcst alone would write these again.
    clean = {
        "a.py": b"\xef\xbb\xbfx = 1\n",
        "b.py": b"\fx = 1\n",
        "c.py": b"x = 1\ry = 2\r",
        "d.py": b"",
        "e.py": b"\r\n",
    }
    for name, data in (before | clean).items():
        (tmp_path / name).write_bytes(data)
    assert codemod(tmp_path, ".").returncode == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == after | clean


def test_comments_and_settings_are_regarded(tmp_path: Path) -> None:
    text = PROGRAM.replace("# a pause", "# noqa: ASL101")
    path = write(tmp_path, text)
    settings = 'extend-exclude = ["left"]\nper-file-ignores = { "here.py" = ["ASL1"] }\n'
    (tmp_path / "async-lint.toml").write_text(settings)
    (tmp_path / "left").mkdir()
    excluded, ignored = write(tmp_path / "left"), write(tmp_path, name="here.py")
    assert codemod(tmp_path, ".").returncode == 0
    assert path.read_text() == text
    assert excluded.read_text() == ignored.read_text() == PROGRAM


def test_wrong_settings_are_reported_and_nothing_is_written(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "async-lint.toml").write_text("selekt = []\n")
    done = codemod(tmp_path, "app.py")
    assert done.returncode == 1
    assert "unknown key `selekt`; did you mean `select`?" in done.stderr
    assert path.read_text() == PROGRAM


def test_a_diff_leaves_the_file_alone(tmp_path: Path) -> None:
    path = write(tmp_path)
    done = codemod(tmp_path, "app.py", "--unified-diff")
    assert "-    asyncio.sleep(1)  # a pause\n+    await asyncio.sleep(1)  # a pause" in done.stdout
    assert path.read_text() == PROGRAM


def test_standard_input_is_repaired(tmp_path: Path) -> None:
    done = codemod(tmp_path, "-", stdin=PROGRAM)
    assert done.returncode == 0, done.stderr
    assert done.stdout == FIXED + "\n"


def test_a_tree_that_another_command_changed_is_taken_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path)
    changed = cst.parse_module(PROGRAM.replace("sleep(1)", "sleep(2)"))
    made = FixCommand(CodemodContext(filename=str(path))).transform_module(changed)
    assert made.code == FIXED.replace("sleep(1)", "sleep(2)")
