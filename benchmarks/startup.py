"""What `async-lint --version` costs, in empty Pythons of the same environment.

python benchmarks/startup.py
"""

import argparse
import sys

from stopwatch import cheapest, script


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="runs of each; the cheapest counts (default: 20)")
    rounds = parser.parse_args().rounds
    commands = {"empty": [sys.executable, "-c", "pass"], "version": [script("async-lint"), "--version"]}
    costs = cheapest(commands, rounds)
    empty, version = costs["empty"].wall, costs["version"].wall
    print(f"python -c pass        {empty * 1000:6.1f} ms")
    print(f"async-lint --version  {version * 1000:6.1f} ms")
    print(f"ratio                 {version / empty:6.1f}")


if __name__ == "__main__":
    main()
