"""flake8 in this process, and as a process whose workers are forked where that is usual, or spawned."""

import contextlib
import gc
import io
import sys

from flake8.main import cli

from async_lint.flake8_plugin import Plugin
from tests.in_process import Told

FLAKE8 = (sys.executable, "-m", "flake8")
SPAWNING = (
    sys.executable,
    "-c",
    "import multiprocessing, sys; multiprocessing.set_start_method('spawn'); "
    "from flake8.main.cli import main; sys.exit(main())",
)


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
