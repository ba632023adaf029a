"""Runs of `python -m ...` in processes of their own that begin with its modules imported, most of what a start costs.

A server imports them once and forks for each run, which ends as any process does. For what a start itself is tested
by, such as what is imported and the variables that Python reads, a process has to begin anew.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
SERVER = """
import gc, importlib, json, os, runpy, socket, sys

for name in (
    "async_lint.checking", "async_lint.fresh_run", "async_lint.inference.entry", "async_lint.reporters.text",
    "async_lint.cache.flake8_files", "async_lint.flake8_plugin", "flake8.main.cli", "flake8.plugins.pyflakes",
    "async_lint.codemod", "libcst.tool",
):
    importlib.import_module(name)
gc.freeze()
channel = socket.socket(fileno=int(sys.argv[1]))
while True:
    message, descriptors, _, _ = socket.recv_fds(channel, 1 << 20, 3)
    if not message:
        sys.exit()
    child = os.fork()
    if child == 0:
        break
    for each in descriptors:
        os.close(each)
    channel.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())

gc.unfreeze()
channel.close()
for number, each in enumerate(descriptors):
    os.dup2(each, number)
    os.close(each)
request = json.loads(message)
os.chdir(request["folder"])
os.environ.clear()
os.environ.update(request["environ"])
sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)
sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)
sys.stderr = sys.__stderr__ = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
exec(request["before"], {})
module, *arguments = request["command"]
sys.argv = [module, *arguments]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


class Ended(NamedTuple):
    """How a run ended, and what it wrote; nothing, where that went elsewhere."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run(
    module: str,
    *arguments: str,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
    stdin: bytes | int = b"",
    stdout: int | None = None,
    stderr: int | None = None,
    before: str = "",
) -> Ended:
    """Run a module as a program; `environ` is all of its variables. A stream may be the number of an open file.

    `before` is what the process does first: what it changes of a module holds for its run.
    """
    told = {
        "command": [module, *arguments],
        "before": before,
        "folder": str(folder or Path.cwd()),
        "environ": dict(os.environ if environ is None else environ),
    }
    with ExitStack() as stack:
        given, out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(3))
        if isinstance(stdin, bytes):
            given.write(stdin)
            given.seek(0)
        read = given.fileno() if isinstance(stdin, bytes) else stdin
        streams = [read, out.fileno() if stdout is None else stdout, err.fileno() if stderr is None else stderr]
        channel = _channel()
        socket.send_fds(channel, [json.dumps(told).encode()], streams)
        code = int(channel.recv(100))
        for each in (out, err):
            each.seek(0)
        return Ended(code, out.read(), err.read())


@cache
def _channel() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(theirs.fileno())],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        pass_fds=[theirs.fileno()],
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours
