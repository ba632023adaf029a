"""How long a whole run takes, in whole runs of `ty check` over the same directory (wall time).

python benchmarks/ty_ratio.py DIRECTORY

ty is a type checker written in Rust; it answers more questions, but it is what a user would otherwise wait for.
"""

import argparse

from stopwatch import cheapest, script


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; the fastest counts (default: 3)")
    arguments = parser.parse_args()
    commands = {
        "ty": [script("ty"), "check", arguments.directory],
        "async-lint": [script("async-lint"), "--no-cache", arguments.directory],
    }
    costs = cheapest(commands, arguments.rounds)
    for name, cost in costs.items():
        print(f"{name:12}{cost.wall:8.2f} s wall{cost.cpu:8.2f} s CPU")
    print(f"ratio       {costs['async-lint'].wall / costs['ty'].wall:8.2f}")


if __name__ == "__main__":
    main()
