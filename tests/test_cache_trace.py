"""What a run notes of the disk: all that it asks, whoever asks."""

import io
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import async_lint
from async_lint.cache.trace import Folder, Read, Trace
from tests.in_process import lint, put

PACKAGE = os.path.join(os.path.dirname(async_lint.__file__), "")
FIXTURES = Path(__file__).parent / "fixtures"
# The last three ask only for what a question to the first one tells as well, or for sizes.
ASKING = {"files/ports.py", "cache/trace.py", "files/discovery.py", "files/environment.py", "workers/shares.py"}


def test_whatever_decides_a_finding_asks_where_it_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("floating-coroutine", "blocking-call", "raise-without-cause"):
        shutil.copytree(FIXTURES / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    put(
        {"pyproject.toml": "[tool.async-lint]\n", "requirements.txt": "httpx\n", ".venv/pyvenv.cfg": "version = 3.11\n"}
    )
    asking: set[str] = set()
    inside = os.path.join(tmp_path, "")

    def noted(real: Callable[..., Any]) -> Callable[..., Any]:
        def ask(path: Any = ".", *arguments: Any, **named: Any) -> Any:
            if isinstance(path, (str, os.PathLike)) and os.path.abspath(path).startswith(inside):
                asking.add(_caller())
            return real(path, *arguments, **named)

        return ask

    for name in ("stat", "lstat", "scandir", "listdir", "open", "readlink"):
        monkeypatch.setattr(os, name, noted(getattr(os, name)))
    monkeypatch.setattr(io, "open", noted(io.open))
    lint("--no-cache", "--select", "ALL", ".")
    assert "files/ports.py" in asking
    assert asking <= ASKING


def _caller() -> str:
    """Return the file of ours that asks."""
    frame = sys._getframe(2)
    while frame.f_back is not None:
        file = frame.f_code.co_filename
        if file.startswith(PACKAGE):
            return Path(file.removeprefix(PACKAGE)).as_posix()
        frame = frame.f_back
    return "somebody else"


def test_traces_that_agree_are_one() -> None:
    mine = Trace({"/a": Read(1, 5, "x")}, {"/": Folder(7, {"a": 2}), "/in": Folder(3)})
    assert mine.add(Trace({"/b": Read(1, 6, "y")}, {"/": Folder(4, {"b": 0}, "list"), "/out": Folder(9)}))
    assert mine.files == {"/a": Read(1, 5, "x"), "/b": Read(1, 6, "y")}
    # The older time: what changed since then shows.
    assert mine.folders == {"/": Folder(4, {"a": 2, "b": 0}, "list"), "/in": Folder(3), "/out": Folder(9)}


@pytest.mark.parametrize(
    "other",
    [
        Trace({"/a": Read(1, 5, "other")}),
        Trace({}, {"/": Folder(7, {"a": 1})}),
        Trace({}, {"/": Folder(7, {}, "other list")}),
    ],
    ids=["another content", "another kind", "another list"],
)
def test_traces_that_do_not_agree_are_worth_nothing(other: Trace) -> None:
    mine = Trace({"/a": Read(1, 5, "x")}, {"/": Folder(7, {"a": 2}, "list")})
    assert not mine.add(other)
