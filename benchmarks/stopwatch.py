"""Times of child processes, taken in turns so that a busy moment of the machine hits all of them alike."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """Seconds that one command took: `cpu` is user and system time of the process and its children."""

    wall: float
    cpu: float


def cheapest(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Cost]:
    """Run each command once a round and return its smallest wall and CPU times; raises on an exit code above 1."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(timed(command)[1])
    return {name: Cost(min(each.wall for each in many), min(each.cpu for each in many)) for name, many in costs.items()}


def timed(
    command: Sequence[str], folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> tuple[bytes, Cost]:
    """Return what a command prints, and its times; ends the benchmark on an exit code above 1."""
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    wall, after = time.perf_counter() - started, os.times()
    # 1 is how linters say that they found something.
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.decode()}")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return done.stdout, Cost(wall, cpu)


def script(name: str) -> str:
    """Return the path of a console script that stands beside the interpreter that runs this benchmark."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        sys.exit(f"{name} is not installed beside {Path(sys.executable).name}: pip install it into this environment")
    return str(path)
