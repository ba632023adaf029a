"""Next to other tools: time and memory of async-lint and of its peers on the same project, in one run.

python benchmarks/peers.py [--project NAME==VERSION] [--peers ty,ruff] [--rounds 5]

The project is a published package, without its dependencies. Each tool stands in an environment of its own, made once
in `--cache`; async-lint's is made anew from this repository. All run in turns in one copy of the project; medians. The
last column is how often the peer's wall time goes into async-lint's. What has no cache runs as if for the first time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from edits import Edits, copied
from packages import unpacked
from process_tree import Usage, watched

ROOT = Path(__file__).parent.parent
# A time that is as young as its file tells nothing.
_PAUSE = 2.5


class Peer(NamedTuple):
    """A tool: what pip installs, its command and flags, and the flags without a cache, None where it has none."""

    requirements: Sequence[str]
    command: Sequence[str]
    no_cache: Sequence[str] | None = None


_FLAKE8 = ("flake8", "--isolated", "--exit-zero", "--jobs", "2")
_EXCEPTIONS = ("--disable=all", "--enable=raise-missing-from,try-except-raise,not-async-context-manager")
PEERS = {
    "async-lint": Peer((str(ROOT),), ("async-lint", "--jobs", "2", "--output-format", "concise"), ("--no-cache",)),
    "ruff": Peer(("ruff==0.17.6",), ("ruff", "check", "-q", "--preview", "--select=ASYNC,B904,RUF006,TRY"), ("-n",)),
    "ty": Peer(("ty==0.0.108",), ("ty", "check", "-q", "--ignore=all", "--error=unused-awaitable")),
    "pyrefly": Peer(("pyrefly==1.5.0",), ("pyrefly", "check")),
    "basedpyright": Peer(("basedpyright==1.40.2",), ("basedpyright",)),
    "pylint": Peer(("pylint==4.1.4",), ("pylint", "--exit-zero", "-j", "2", "--recursive=y", *_EXCEPTIONS)),
    "flake8": Peer(("flake8==7.3.0",), _FLAKE8),
    "flake8 with flake8-async": Peer(("flake8==7.3.0", "flake8-async==26.8.1"), _FLAKE8),
    "flake8 with async-lint": Peer(("flake8==7.3.0", str(ROOT)), _FLAKE8),
}


class Bench:
    """A copy of a project, and the commands that run in it."""

    def __init__(self, project: Path, folder: Path, programs: dict[str, Path]) -> None:
        self._root = copied(project, folder / "copy")
        self._edits = Edits(self._root)
        self._file = str(self._edits.path.relative_to(self._root))
        self._programs = programs
        self.costs: defaultdict[str, dict[str, list[Usage]]] = defaultdict(lambda: defaultdict(list))

    def round(self, number: int) -> None:
        for name, peer in self._peers():
            self._cost("first run", name, ".", *peer.no_cache or ())
        with_cache = [name for name, peer in self._peers() if peer.no_cache is not None]
        time.sleep(_PAUSE)
        for name in with_cache:
            # What was kept of the round before is of another text.
            self._run(name, ".")
            self._run(name, ".")
            self._cost("nothing changed", name, ".")
        for name, _ in self._peers():
            self._cost("one file", name, self._file)
        self._edits.change("body", number)
        for name in with_cache:
            self._cost("one body changed", name, ".")
        self._edits.restore()

    def _peers(self) -> Iterator[tuple[str, Peer]]:
        return ((name, PEERS[name]) for name in self._programs)

    def _cost(self, what: str, name: str, *arguments: str) -> None:
        self.costs[what][name].append(self._run(name, *arguments))

    def _run(self, name: str, *arguments: str) -> Usage:
        program, *flags = PEERS[name].command
        command = [str(self._programs[name] / program), *flags, *arguments]
        # Without VIRTUAL_ENV, so that no installed package is seen.
        environment = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
        usage = watched(command, self._root, environment)
        # 1 is how linters say that they found something.
        if usage.code not in (0, 1):
            sys.exit(f"{' '.join(command)} ended with {usage.code}")
        return usage


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", default="prefect==3.9.1", help="NAME==VERSION (default: prefect==3.9.1)")
    parser.add_argument("--peers", default=",".join(PEERS), help="names, behind commas (default: all)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each (default: 5)")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "async-lint-packages")
    arguments = parser.parse_args()
    names = dict.fromkeys(["async-lint", *arguments.peers.split(",")])
    if unknown := [name for name in names if name not in PEERS]:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(PEERS)}")
    with tempfile.TemporaryDirectory() as folder:
        programs = {name: _programs(PEERS[name], arguments.cache, Path(folder)) for name in names}
        bench = Bench(unpacked(arguments.project, arguments.cache), Path(folder), programs)
        for number in range(arguments.rounds):
            bench.round(number)
    for what, costs in bench.costs.items():
        _print(what, costs)


def _programs(peer: Peer, cache: Path, folder: Path) -> Path:
    """Return the folder of the programs of an environment that has a tool; this repository's is made each time."""
    ours = str(ROOT) in peer.requirements
    name = "-".join(Path(each).name for each in peer.requirements)
    environment = (folder if ours else cache / "peers") / name
    if not environment.exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(environment / "bin" / "pip"), "install", "-q", *peer.requirements], check=True)
    return environment / "bin"


def _print(what: str, costs: dict[str, list[Usage]]) -> None:
    print(f"\n{what:26}{'wall':>9}{'CPU':>11}{'memory':>11}{'ratio':>9}")
    ours = median(usage.wall for usage in costs["async-lint"])
    for name, many in costs.items():
        wall, cpu, memory = (median(each) for each in zip(*((u.wall, u.cpu, u.memory) for u in many), strict=True))
        print(f"{name:26}{wall:7.2f} s{cpu:9.2f} s{memory:8.0f} MB{ours / wall:9.2f}")


if __name__ == "__main__":
    main()
