#!/usr/bin/env python3
"""Check knowledge/blocking.toml against what was published: python -m tools.check_blocking [WHEELS]

It reads the packages as `tools.check_timeouts` does, and for compiled functions of the standard library what the
running interpreter says of them. The exit code is 0 if all rows are right, 1 if one is wrong, 2 if a package was not to
be had.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from async_lint.knowledge.tables import table
from tools.blocking_claims import blocking_complaints, blocking_rows, made_blocking_complaints
from tools.check_timeouts import MISSING, RIGHT, WRONG, gathered, packages, unpacked
from tools.timeout_claims import Packages


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheels", type=Path, nargs="?")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        known = table("blocking")
        found, missing = gathered(blocking_versions(known), options.wheels or folder / "wheels")
        for version in missing:
            print(f"{version} was not to be had", file=sys.stderr)
        if missing:
            return MISSING
        return report(known, packages({version: unpacked(wheel, folder) for version, wheel in found.items()}))


def blocking_versions(known: Mapping[str, Any]) -> list[str]:
    """Return what the rows were read from, without the standard library."""
    named = dict.fromkeys(version for row in blocking_rows(known) for version in row.versions)
    return [version for version in named if not version.startswith("Python ")]


def report(known: Mapping[str, Any], published: Packages) -> int:
    """Print a sentence for each claim that is wrong, and return the exit code."""
    checked = list(blocking_rows(known))
    wrong = [f"{row}: {complaint}" for row in checked for complaint in blocking_complaints(row, published)]
    wrong += made_blocking_complaints(known, published(tuple(blocking_versions(known))))
    for line in wrong:
        print(line)
    print(f"{len(checked)} rows, {len(wrong)} wrong claims")
    return WRONG if wrong else RIGHT


if __name__ == "__main__":
    sys.exit(main())
