"""What async-lint adds to flake8's CPU time, as a share of what flake8-async adds to the same flake8.

python benchmarks/flake8_cost.py DIRECTORY

flake8 runs every installed plugin whatever is selected, so the three runs differ in the plugins that flake8 finds:
neither, flake8-async alone, async-lint alone. All select ASL, so none of them spends time on printing other findings.
"""

import argparse
import sys

from stopwatch import cheapest

PLUGINS = ("async-lint", "flake8-async")
RUN = """
import sys
from flake8.plugins import finder
from flake8.main.cli import main
kept, found = sys.argv.pop(1), finder._find_importlib_plugins
finder._find_importlib_plugins = lambda: (
    plugin for plugin in found() if plugin.package not in {plugins} or plugin.package == kept
)
sys.exit(main())
"""


def command(plugin: str, directory: str) -> list[str]:
    """Return a flake8 command line that sees one of the two plugins, or neither for an empty name."""
    code = RUN.replace("{plugins}", repr(PLUGINS))
    return [sys.executable, "-c", code, plugin, "--isolated", "--jobs", "1", "--select", "ASL", directory]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each; the cheapest counts (default: 1)")
    arguments = parser.parse_args()
    names = ("bare flake8", "flake8-async", "async-lint")
    commands = {name: command(name, arguments.directory) for name in names}
    costs = {name: cost.cpu for name, cost in cheapest(commands, arguments.rounds).items()}
    bare = costs["bare flake8"]
    print(f"{'':14}{'CPU s':>8}{'added s':>9}")
    for name in names:
        print(f"{name:14}{costs[name]:8.2f}{costs[name] - bare:9.2f}")
    share = (costs["async-lint"] - bare) / (costs["flake8-async"] - bare)
    print(f"async-lint adds {share:.1%} of what flake8-async adds (1/{1 / share:.0f})")


if __name__ == "__main__":
    main()
