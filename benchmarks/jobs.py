"""What several processes bring: the same run with --jobs 1 and with more, in turns; medians and their ratios.

python benchmarks/jobs.py DIRECTORY

On a machine that others use, wall time says little: `ideal` is what the CPU times would come to with a processor for
each process, the first one's own share added to the longest of the others. Memory is the largest sum of the processes'
proportional set sizes, pages that several share counted once; it is read from Linux's /proc.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from process_tree import watched
from stopwatch import script


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
    usage = watched(command, Path(directory))
    own, *others = usage.seconds
    # The last moments of each are missing; in one process they are known.
    return usage.output, Cost(usage.wall, usage.cpu, own + max(others) if others else usage.cpu, usage.memory)


if __name__ == "__main__":
    main()
