#!/usr/bin/env python3
"""Check knowledge/blocking.toml against what was published: python -m tools.check_blocking [WHEELS]

It reads the packages as `tools.check_timeouts` does, and for compiled functions of the standard library what the
running interpreter says of them. The exit code is 0 if all rows are right, 1 if one is wrong, 2 if a package was not to
be had.
"""

import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from async_lint.knowledge.tables import table
from tools.blocking_claims import blocking_complaints, blocking_rows, made_blocking_complaints
from tools.published_rows import compare, told, versions
from tools.timeout_claims import Packages


def main() -> int:
    known = table("blocking")
    return compare(__doc__, list(blocking_rows(known)), partial(report, known))


def report(known: Mapping[str, Any], published: Packages) -> int:
    """Print a sentence for each claim that is wrong, and return the exit code."""
    checked = list(blocking_rows(known))
    wrong = [f"{row}: {complaint}" for row in checked for complaint in blocking_complaints(row, published)]
    wrong += made_blocking_complaints(known, published(tuple(versions(checked))))
    return told(checked, wrong)


if __name__ == "__main__":
    sys.exit(main())
