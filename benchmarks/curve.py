"""How long a line takes, from 10,000 lines to 1,000,000: a table, and a plot.

python benchmarks/curve.py homeassistant==2024.3.3 --plot docs/curve.svg

The package is downloaded, or is a folder that is there. Each corpus is a part of it: first what lies outside its
largest group of folders, which the others import, then folders of that group in an order that says nothing. A run has
no cache and one process; its CPU time counts, for a machine may have other work. Sizes are taken in turns; medians.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import NamedTuple

from packages import unpacked
from plot import plotted
from stopwatch import Cost, script, timed

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)


class Corpus(NamedTuple):
    folder: Path
    files: int
    lines: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", help="a folder, or a requirement such as homeassistant==2024.3.3")
    parser.add_argument("--cache", type=Path, default=Path("packages"), help="where packages are kept")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each size (default: 3)")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write an SVG plot to this file")
    arguments = parser.parse_args()
    given = Path(arguments.package)
    source = given if given.is_dir() else unpacked(arguments.package, arguments.cache)
    with tempfile.TemporaryDirectory() as folder:
        corpora = list(_corpora(source, Path(folder)))
        costs: list[list[Cost]] = [[] for _ in corpora]
        for _ in range(arguments.rounds):
            for corpus, many in zip(corpora, costs, strict=True):
                many.append(_run(corpus.folder))
                print(f"{corpus.lines:,} lines: {many[-1].cpu:.1f} s", file=sys.stderr)
    print(f"{'files':>9}{'lines':>11}{'CPU':>11}{'wall':>11}{'a line':>12}")
    points = []
    for corpus, many in zip(corpora, costs, strict=True):
        cpu, wall = median(cost.cpu for cost in many), median(cost.wall for cost in many)
        points.append((corpus.lines, cpu / corpus.lines * 1e6))
        print(f"{corpus.files:9,}{corpus.lines:11,}{cpu:9.1f} s{wall:9.1f} s{points[-1][1]:9.1f} us")
    # From where the package's own foundations are all in.
    large = [each for lines, each in points if lines >= 90_000]
    if large:
        print(f"a line of the largest costs {large[-1] / large[0]:.2f} times one of the first with 100,000 or so")
    if arguments.plot:
        title = f"CPU time a line, {source.name}, one process, no cache"
        arguments.plot.write_text(plotted(points, title, "lines in the project", "microseconds a line"), "utf-8")


def _corpora(source: Path, folder: Path) -> Iterator[Corpus]:
    """Yield copies of a growing part of the files, each with all that the one before has."""
    lines = {path: path.read_bytes().count(b"\n") for path in source.rglob("*.py")}
    ordered = sorted(lines, key=_Order(source, lines))
    for size in SIZES:
        copy, files, total = folder / str(size), 0, 0
        for path in ordered:
            if total >= size:
                break
            target = copy / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            files, total = files + 1, total + lines[path]
        (copy / "pyproject.toml").write_text("[tool.async-lint]\n")
        yield Corpus(copy, files, total)
        if files == len(ordered):
            return


class _Order:
    """What files are sorted by."""

    def __init__(self, source: Path, paths: Iterable[Path]) -> None:
        folders = {each for path in paths for each in path.parents}
        self._group = Counter(each.parent for each in folders).most_common(1)[0][0]

    def __call__(self, path: Path) -> tuple[bool, bytes, str]:
        if self._group not in path.parents:
            return False, b"", str(path)
        member = path.relative_to(self._group).parts[0]
        return True, sha256(member.encode()).digest(), str(path)


def _run(folder: Path) -> Cost:
    command = [script("async-lint"), "--no-cache", "--jobs", "1", "--quiet", "--output-format", "concise", "."]
    return timed(command, folder)[1]


if __name__ == "__main__":
    main()
