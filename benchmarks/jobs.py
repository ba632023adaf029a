"""What several processes bring: the same run with --jobs 1 and with more, in turns; medians and their ratios.

python benchmarks/jobs.py DIRECTORY

On a machine that others use, wall time says little: `ideal` is what the CPU times would come to with a processor for
each process, the first one's own share added to the longest of the others. Memory is the largest sum of the processes'
proportional set sizes, pages that several share counted once; it is read from Linux's /proc.
"""

import argparse
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from stopwatch import script

_PAUSE = 0.2


class Cost(NamedTuple):
    """Seconds, and megabytes of the whole process tree at its largest."""

    wall: float
    cpu: float
    ideal: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--jobs", type=int, default=2, help="processes to compare with one (default: 2)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each (default: 5)")
    arguments = parser.parse_args()
    costs: dict[int, list[Cost]] = {1: [], arguments.jobs: []}
    outputs = set()
    for _ in range(arguments.rounds):
        for jobs, many in costs.items():
            command = [script("async-lint"), "--no-cache", "--output-format", "json", "--jobs", str(jobs), "."]
            output, cost = _run(command, arguments.directory)
            outputs.add(output)
            many.append(cost)
    one, several = (Cost(*map(median, zip(*many, strict=True))) for many in costs.values())
    for name, cost in (("--jobs 1", one), (f"--jobs {arguments.jobs}", several)):
        times = f"{cost.wall:8.1f} s wall{cost.cpu:8.1f} s CPU{cost.ideal:8.1f} s ideal"
        print(f"{name:12}{times}{cost.memory:8.0f} MB")
    print(f"times as fast: {one.wall / several.wall:.2f} by wall, {one.ideal / several.ideal:.2f} ideally")
    print("the same findings" if len(outputs) == 1 else "THE FINDINGS DIFFER")


def _run(command: Sequence[str], directory: str) -> tuple[bytes, Cost]:
    before, started = os.times(), time.perf_counter()
    peak = 0.0
    seconds: dict[int, float] = {}
    with subprocess.Popen(command, cwd=directory, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        output = b""
        while process.poll() is None:
            family = [process.pid, *_children(process.pid)]
            peak = max(peak, sum(map(_memory, family)))
            seconds.update({pid: max(_seconds(pid), seconds.get(pid, 0.0)) for pid in family})
            output += process.stdout.read() or b""
            time.sleep(_PAUSE)
        output += process.stdout.read() or b""
    wall, after = time.perf_counter() - started, os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    own = seconds.pop(process.pid, 0.0)
    # The last moments of each are missing; in one process they are known.
    return output, Cost(wall, cpu, own + max(seconds.values()) if seconds else cpu, peak)


def _children(pid: int) -> Iterator[int]:
    try:
        yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    except OSError:
        return


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


if __name__ == "__main__":
    main()
