"""The command line, run within the process of the tests."""

import contextlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from async_lint.cli import main


class Told(NamedTuple):
    """What a run told."""

    code: int
    out: str
    err: str


def lint(*arguments: str) -> Told:
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    out.flush()
    written = out.buffer
    assert isinstance(written, io.BytesIO)
    return Told(code, written.getvalue().decode(), err.getvalue())


def put(texts: Mapping[str, str]) -> None:
    """Write files, by their paths below the current folder."""
    for name, text in texts.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")
