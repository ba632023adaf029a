"""What a run after the first one costs: nothing changed, one file alone, a body or a signature changed.

python benchmarks/cache.py DIRECTORY

The directory is copied, and the copy is changed. Runs are taken in turns; medians, and their ratios to a run without a
cache. `empty` is a file with nothing in it, asked for alone, `stat` one question to the disk for each file: what no
cache can spare.
"""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from edits import Edits, copied
from stopwatch import Cost, script, timed

# A time that is as young as its file tells nothing.
_PAUSE = 2.5


class Copy:
    """A copy of a directory, with a cache of its own."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.root = copied(source, folder / "copy")
        (self.root / "empty_file.py").write_text("")
        self._environment = {**os.environ, "ASYNC_LINT_CACHE_DIR": str(folder / "cache")}

    def run(self, *arguments: str) -> tuple[bytes, Cost]:
        """Return what a run prints, and its times."""
        command = [script("async-lint"), "--output-format", "concise", *arguments]
        return timed(command, self.root, self._environment)

    def stat(self) -> Cost:
        """Return the times of a `stat` of every file."""
        before, started = os.times(), time.perf_counter()
        for folder, _, names in os.walk(self.root):
            for name in names:
                os.stat(os.path.join(folder, name))
        after = os.times()
        return Cost(time.perf_counter() - started, after.user - before.user + after.system - before.system)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each (default: 5)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(arguments.directory, Path(folder))
        costs, differ = _measure(copy, Edits(copy.root), arguments.rounds)
    cold = median(cost.wall for cost in costs["cold"])
    for name, many in costs.items():
        wall, cpu = median(cost.wall for cost in many), median(cost.cpu for cost in many)
        print(f"{name:18}{wall:8.2f} s wall{cpu:8.2f} s CPU{wall / cold:10.4f}")
    print("the same findings" if not differ else f"THE FINDINGS DIFFER: {', '.join(differ)}")


def _measure(copy: Copy, edits: Edits, rounds: int) -> tuple[dict[str, list[Cost]], Sequence[str]]:
    costs: defaultdict[str, list[Cost]] = defaultdict(list)
    differ: list[str] = []
    file = str(edits.path.relative_to(copy.root))
    asked = {"": ["."], ", one file": [file], ", empty": ["empty_file.py"]}
    time.sleep(_PAUSE)
    for _ in range(2):
        for paths in asked.values():
            copy.run(*paths)
    for number in range(rounds):
        costs["stat"].append(copy.stat())
        for name, paths in asked.items():
            expected, cost = copy.run("--no-cache", *paths)
            costs[f"cold{name}"].append(cost)
            told, cost = copy.run(*paths)
            costs[f"warm{name}"].append(cost)
            differ += [f"warm{name}"] if told != expected else []
        for what in ("body", "signature"):
            edits.change(what, number)
            told, cost = copy.run(".")
            costs[f"changed {what}"].append(cost)
            if number == 0:
                differ += [what] if told != copy.run("--no-cache", ".")[0] else []
            edits.restore()
            time.sleep(_PAUSE)
            for paths in asked.values():
                copy.run(*paths)
    return costs, differ


if __name__ == "__main__":
    main()
