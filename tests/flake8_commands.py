"""flake8 in this process, and as a process whose workers are forked where that is usual, or spawned."""

import contextlib
import gc
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from flake8.main import cli

from async_lint.flake8_plugin import Plugin
from tests import warm_process
from tests.in_process import Told

FLAKE8 = (sys.executable, "-m", "flake8")
SPAWNING = (
    sys.executable,
    "-c",
    "import multiprocessing, sys; multiprocessing.set_start_method('spawn'); "
    "from flake8.main.cli import main; sys.exit(main())",
)


def run(command: Sequence[str], *arguments: str, folder: Path | None = None, stdin: bytes = b"") -> warm_process.Ended:
    """Run flake8 by one of the commands above."""
    if command is FLAKE8:
        return warm_process.run("flake8", *arguments, folder=folder, stdin=stdin)
    environ = {**os.environ, "PYTHONPATH": str(warm_process.ROOT)}
    done = subprocess.run(
        [*command, *arguments], cwd=folder, env=environ, input=stdin, capture_output=True, check=False
    )
    return warm_process.Ended(done.returncode, done.stdout, done.stderr)


def in_process(*arguments: str) -> Told:
    """Run flake8 over the current folder, without workers."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = cli.main(["--isolated", "--jobs=1", *arguments])
        finally:
            # What one run has set must not be there for the next, or for another test.
            Plugin.options = Plugin.projects = Plugin.kept = None
            gc.unfreeze()
    out.flush()
    written = out.buffer
    assert isinstance(written, io.BytesIO)
    return Told(code, written.getvalue().decode(), err.getvalue())
