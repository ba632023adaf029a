#!/usr/bin/env python3
"""Check knowledge/closables.toml against what was published: python -m tools.check_closables [WHEELS]

As `tools.check_timeouts`, and with the same exit codes: each row names the version that it was read from, and that is
read again, never installed or imported.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from async_lint.knowledge.tables import table
from tools.check_timeouts import MISSING, RIGHT, WRONG, gathered, packages, unpacked
from tools.published import Published
from tools.signatures import is_asynchronous
from tools.timeout_claims import Packages, complaints
from tools.timeout_rows import Row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheels", type=Path, nargs="?")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        checked = rows(table("closables"))
        found, missing = gathered(versions(checked), options.wheels or folder / "wheels")
        for version in missing:
            print(f"{version} was not to be had", file=sys.stderr)
        if missing:
            return MISSING
        return report(checked, packages({version: unpacked(wheel, folder) for version, wheel in found.items()}))


def rows(known: Mapping[str, Any]) -> list[Row]:
    return [Row("closable", tuple(entry["names"]), entry) for entry in known["closable"]]


def versions(checked: Sequence[Row]) -> list[str]:
    """Return what the rows were read from, without the standard library."""
    named = dict.fromkeys(version for row in checked for version in row.versions)
    return [version for version in named if not version.startswith("Python ")]


def report(checked: Sequence[Row], published: Packages) -> int:
    """Print a sentence for each claim that is wrong, and return the exit code."""
    wrong = [f"{row}: {complaint}" for row in checked for complaint in wrong_claims(row, published)]
    for line in wrong:
        print(line)
    print(f"{len(checked)} rows, {len(wrong)} wrong claims")
    return WRONG if wrong else RIGHT


def wrong_claims(row: Row, published: Packages) -> Iterator[str]:
    """Yield a sentence for each claim of a row that its packages do not bear out."""
    yield from complaints(row, published)
    packages = published(row.versions)
    yield from _of_class(row, packages)
    for name in row.names:
        definition = packages.definition(name)
        if definition is not None and row.rest.get("awaited") and not is_asynchronous(definition, packages):
            yield f"{name} gives nothing to await"


def _of_class(row: Row, packages: Published) -> Iterator[str]:
    if "of" not in row.rest:
        return
    owner = packages.definition(row.rest["of"])
    if owner is None:
        yield f"{row.rest['of']} is not there"
        return
    for method in (*row.rest["closes"], *row.rest.get("tells", ()), *row.rest.get("starts", ())):
        if packages.member(owner, method) is None:
            yield f"{row.rest['of']} has no {method}"
    # Elsewhere it is the call that is entered, which may give something of its own.
    if row.rest.get("entered") == "async with await" and packages.member(owner, "__aenter__") is None:
        yield f"{row.rest['of']} cannot be entered"


if __name__ == "__main__":
    sys.exit(main())
