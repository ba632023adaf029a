"""How many of the loops and runs of awaits that could run together are reported, and how many reports are right.

python benchmarks/order_of_awaits.py [--part develop|final|second|third|fourth] [--cache FOLDER] [--verbose]

`order_of_awaits.jsonl` has places that were drawn at random from published packages, tests left out: a few loops and
runs of each. Two readers labelled each, apart from each other and before the rules were run on them: `could` run
together, must `stay` in order, `undecided`. Where they differ, the place counts for nothing. The part `develop` is
what the rules were made with; `final` was opened when they were made. `second`, `third` and `fourth` were drawn later
from other packages; the rules were changed by what was learnt from `second`, and then from their own reports in those
of `third` and `fourth`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packages import unpacked

LABELS = Path(__file__).with_suffix(".jsonl")
SHOWN = {"loop": "ASL201", "run": "ASL202"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=["develop", "final", "second", "third", "fourth"], default="develop")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "async-lint-packages")
    parser.add_argument("--verbose", action="store_true", help="print each place, its label and what is said of it")
    arguments = parser.parse_args()
    counts: Counter[tuple[str, str, str]] = Counter()
    for place, code in judged(arguments.part, arguments.cache):
        first, second = place["labels"]
        label = first if first == second else "differs"
        counts[place["kind"], label, code] += 1
        if arguments.verbose:
            print(
                label, code or "-", place["package"], f"{place['path']}:{place['line']}", place["reasons"][0], sep="\t"
            )
    for kind, code in SHOWN.items():
        report(kind, {code}, counts)
    report("loop", {"ASL201", "ASL204"}, counts)


def judged(part: str, cache: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each labelled place with the code that is reported there, empty where none is."""
    places = [json.loads(line) for line in LABELS.read_text().splitlines()]
    places = [place for place in places if place["part"] == part]
    for package in sorted({f"{place['package']}=={place['version']}" for place in places}):
        folder = unpacked(package, cache)
        lines = reported(folder)
        for place in places:
            if f"{place['package']}=={place['version']}" == package:
                path = folder / place["path"]
                rows = range(place["line"], place.get("last", place["line"]) + 1)
                wanted = {"ASL202"} if place["kind"] == "run" else {"ASL201", "ASL204"}
                codes = [code for row in rows for code in sorted(lines.get((path, row), set()) & wanted)]
                yield place, codes[0] if codes else ""


def reported(folder: Path) -> dict[tuple[Path, int], set[str]]:
    """Return the codes that are reported, by file and line."""
    command = ["async_lint", "--isolated", "--no-cache", "--select", "ASL2,ASL204", "--output-format", "json", "."]
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True)
    lines: dict[tuple[Path, int], set[str]] = {}
    for finding in json.loads(done.stdout):
        lines.setdefault((folder / finding["filename"], finding["location"]["row"]), set()).add(finding["code"])
    return lines


def report(kind: str, codes: set[str], counts: Counter[tuple[str, str, str]]) -> None:
    right = sum(counts[kind, "could", code] for code in codes)
    wrong = sum(counts[kind, "stay", code] for code in codes)
    could = sum(count for (of, label, _), count in counts.items() if (of, label) == (kind, "could"))
    shares = f"precision {right}/{right + wrong}, recall {right}/{could}"
    print(f"{kind}s, {' and '.join(sorted(codes))}: {shares}")


if __name__ == "__main__":
    main()
