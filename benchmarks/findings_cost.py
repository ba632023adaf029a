"""What ten times the findings cost in a function of the same length: the CPU time of 2,000, in times of that of 200.

python benchmarks/findings_cost.py

What is done once for each finding is cheap; what looks at the whole function, or file, for each of them shows here as
a ratio far above 2. Each kind of statement is in a program of its own, among statements that are no findings.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from stopwatch import cheapest

HEAD = "import asyncio\n\nasync def work() -> int: ...\n\nasync def main(results) -> None:\n"
FILLER = "    value_{i} = results.count([{i}], key={i})\n"
STATEMENTS = {
    "ASL101 dropped": "    work()\n",
    "ASL102 unused": "    unused_{i} = work()\n",
    "ASL103 tested": "    if work():\n        pass\n",
    "ASL104 task": "    asyncio.create_task(work())\n",
    "ASL104 named": "    task_{i} = asyncio.gather(work(), work())\n",
    "ASL106 callback": "    list(map(asyncio.sleep, [{i}]))\n",
    "ASL107 callback": "    asyncio.get_running_loop().call_soon(asyncio.sleep, {i})\n",
    "ASL201 loop": "    for each_{i} in range(9):\n        await asyncio.sleep(each_{i})\n",
    "ASL201 collected": (
        "    all_{i} = []\n    for each_{i} in range(9):\n        all_{i}.append(await asyncio.sleep(each_{i}, {i}))\n"
    ),
    "ASL301 timeout": "    await asyncio.wait_for(work(), None)\n",
    "ASL401 cause": "    try:\n        work\n    except ValueError as error:\n        raise KeyError({i})\n",
    "ASL402 verbose": "    try:\n        work\n    except ValueError as error:\n        raise error\n",
    "ASL404 swallowed": (
        "    try:\n        await asyncio.sleep({i})\n    except asyncio.CancelledError:\n        results.count({i})\n"
    ),
}
# ASL404 is off by default.
LINT = (sys.executable, "-m", "async_lint", "--isolated", "--extend-select=ASL404")


def function(statement: str, findings: int, length: int) -> str:
    """Return a program whose function has `length` statements, `findings` of them of one kind, evenly spread."""
    every = length // findings
    body = (statement if not index % every else FILLER for index in range(length))
    return HEAD + "".join(each.replace("{i}", str(index)) for index, each in enumerate(body))


def line(statement: str, findings: int, length: int) -> str:
    """Return the same on one line."""
    return HEAD + "    " + ";".join(each.strip() for each in function(statement, findings, length).splitlines()[5:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--length", type=int, default=10_000, help="statements in the function (default: 10000)")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each; the cheapest counts (default: 1)")
    parser.add_argument("--flag", action="append", default=[], help="a flag for async-lint, such as --flag=--diff")
    arguments = parser.parse_args()
    programs = {name: (function, statement) for name, statement in STATEMENTS.items()}
    programs |= {"ASL101 one line": (line, STATEMENTS["ASL101 dropped"])}
    for name, (make, statement) in programs.items():
        print(f"{name:18}{_ratio(make, statement, arguments):6.2f}", flush=True)


def _ratio(make: Callable[[str, int, int], str], statement: str, arguments: argparse.Namespace) -> float:
    with tempfile.TemporaryDirectory() as folder:
        commands = {}
        for findings in (200, 2000):
            path = Path(folder, f"with_{findings}.py")
            path.write_text(make(statement, findings, arguments.length))
            commands[str(findings)] = [*LINT, *arguments.flag, str(path)]
        costs = cheapest(commands, arguments.rounds)
    return costs["2000"].cpu / costs["200"].cpu


if __name__ == "__main__":
    main()
