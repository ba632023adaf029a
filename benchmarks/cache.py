"""What a run after the first one costs: nothing changed, one file alone, a body or a signature changed.

python benchmarks/cache.py DIRECTORY

The directory is copied, and the copy is changed. Runs are taken in turns; medians, and their ratios to a run without a
cache. `empty` is a file with nothing in it, asked for alone, `stat` one question to the disk for each file: what no
cache can spare.
"""

import argparse
import ast
import os
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from stopwatch import Cost, script, timed

# A time that is as young as its file tells nothing.
_PAUSE = 2.5


class Copy:
    """A copy of a directory, with a cache of its own."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.root = folder / "copy"
        shutil.copytree(source, self.root, ignore=shutil.ignore_patterns("*.pyc", ".git", ".async_lint_cache"))
        if not (self.root / "pyproject.toml").exists():
            (self.root / "pyproject.toml").write_text("[tool.async-lint]\n")
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


class Edits:
    """The middle one, by size, of the files with an async function, and what may become of its first one."""

    def __init__(self, root: Path) -> None:
        self.path = _middle(root)
        self._text = self.path.read_text("utf-8")
        functions = [node for node in ast.walk(ast.parse(self._text)) if isinstance(node, ast.AsyncFunctionDef)]
        self._function = functions[0]

    def change(self, what: str, number: int) -> None:
        lines = self._text.splitlines(keepends=True)
        if what == "body":
            first = self._function.body[0]
            lines.insert(first.lineno - 1, f"{' ' * first.col_offset}_changed = {number}\n")
        else:
            at = self._function.lineno - 1
            lines[at] = lines[at].replace("(", f"(changed_{number}, ", 1)
        self.path.write_text("".join(lines), "utf-8")

    def restore(self) -> None:
        self.path.write_text(self._text, "utf-8")


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


def _middle(root: Path) -> Path:
    found = [path for path in root.rglob("*.py") if path.is_file() and _has_async(path)]
    if not found:
        sys.exit("no file has an async function whose body begins on a line of its own")
    return sorted(found, key=lambda path: path.stat().st_size)[len(found) // 2]


def _has_async(path: Path) -> bool:
    try:
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    except (SyntaxError, ValueError):
        return False
    first = next((node for node in nodes if isinstance(node, ast.AsyncFunctionDef)), None)
    return first is not None and first.body[0].lineno > first.lineno


if __name__ == "__main__":
    main()
