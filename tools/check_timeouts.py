#!/usr/bin/env python3
"""Check knowledge/timeouts.toml against what was published: python -m tools.check_timeouts [WHEELS]

Each row names the versions that it was read from. Their wheels are taken from the folder WHEELS, and those that are not
there are downloaded into it; without WHEELS, into one that goes afterwards. They are unpacked and read, never installed
or imported. The rows of the standard library are looked up in that of the running interpreter.

The exit code is 0 if all rows are right, 1 if one is wrong, 2 if a package was not to be had.
"""

import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from async_lint.knowledge.tables import table
from tools.published_rows import compare, told, versions
from tools.timeout_claims import Packages, complaints, made_complaints
from tools.timeout_rows import rows


def main() -> int:
    known = table("timeouts")
    return compare(__doc__, list(rows(known)), partial(report, known))


def report(known: Mapping[str, Any], published: Packages) -> int:
    """Print a sentence for each claim that is wrong, and return the exit code."""
    checked = list(rows(known))
    wrong = [f"{row}: {complaint}" for row in checked for complaint in complaints(row, published)]
    wrong += made_complaints(known, published(tuple(versions(checked))))
    return told(checked, wrong)


if __name__ == "__main__":
    sys.exit(main())
