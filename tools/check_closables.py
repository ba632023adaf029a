#!/usr/bin/env python3
"""Check knowledge/closables.toml against what was published: python -m tools.check_closables [WHEELS]

As `tools.check_timeouts`, and with the same exit codes: each row names the version that it was read from, and that is
read again, never installed or imported.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from async_lint.knowledge.tables import table
from tools.published import Published
from tools.published_rows import compare, told
from tools.signatures import is_asynchronous
from tools.timeout_claims import Packages, complaints
from tools.timeout_rows import Row


def main() -> int:
    checked = rows(table("closables"))
    return compare(__doc__, checked, partial(report, checked))


def rows(known: Mapping[str, Any]) -> list[Row]:
    return [Row("closable", tuple(entry["names"]), entry) for entry in known["closable"]]


def report(checked: Sequence[Row], published: Packages) -> int:
    """Print a sentence for each claim that is wrong, and return the exit code."""
    return told(checked, (f"{row}: {complaint}" for row in checked for complaint in wrong_claims(row, published)))


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
