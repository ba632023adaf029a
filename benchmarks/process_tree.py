"""A command and all processes below it: their times, and their memory at its largest, read from Linux's /proc."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

# Seconds until the first look, and between two.
_FIRST, _PAUSE = 0.05, 0.1


class Usage(NamedTuple):
    """Seconds and megabytes; `seconds` are those of each process, its last moments left out, the command's first."""

    output: bytes
    code: int
    wall: float
    cpu: float
    memory: float
    seconds: Sequence[float]


def watched(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Usage:
    """Run a command; pages that several of its processes share are counted once (proportional set sizes)."""
    before, started = os.times(), time.perf_counter()
    peak = 0.0
    seconds: dict[int, float] = {}
    # Into a file: a pipe that is looked into now and then would hold the command up.
    with TemporaryFile() as output:
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.DEVNULL
        ) as process:
            pause = _FIRST
            while not _has_ended(process, pause):
                family = list(_family(process.pid))
                peak = max(peak, sum(map(_memory, family)))
                seconds.update({pid: max(_seconds(pid), seconds.get(pid, 0.0)) for pid in family})
                pause = _PAUSE
        wall, after = time.perf_counter() - started, os.times()
        output.seek(0)
        printed = output.read()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    own = seconds.pop(process.pid, 0.0)
    return Usage(printed, process.returncode, wall, cpu, peak, [own, *seconds.values()])


def _has_ended(process: "subprocess.Popen[bytes]", pause: float) -> bool:
    try:
        process.wait(pause)
    except subprocess.TimeoutExpired:
        return False
    return True


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    except OSError:
        return 0.0


def _seconds(pid: int) -> float:
    """Return the CPU time of one process so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
