"""By what a finding is known again when its line has moved."""

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import PurePath

from async_lint.model import Diagnostic, Sources

# Where a message says it learnt something moves with that code, and says nothing of the finding.
_PLACE = re.compile(
    r"[\w./\\-]+\.(?:pyi?|ipynb):(?:cell \d+:)?\d+"
    r"|\blines? \d+(?:(?:, | and )\d+)*(?: of cell \d+)?(?: and line \d+ of cell \d+)*"
)


def fingerprint(diagnostic: Diagnostic, lines: Sequence[str], *more: str) -> str:
    """Return a digest of the finding's rule, its message without line numbers, its line, and the lines around it.

    Blank lines and indentation do not count, nor does the file's name: `more` is what else does.
    """
    parts = [diagnostic.code, settled(diagnostic.message), *neighbourhood(lines, diagnostic.span.start.line), *more]
    # No part holds a NUL character, so that two lists of parts never give one text.
    return sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def settled(message: str) -> str:
    """Return a message without the places that it names."""
    return _PLACE.sub("...", message)


def neighbourhood(lines: Sequence[str], number: int) -> tuple[str, str, str]:
    """Return the line before the one-based line `number`, that line, and the one after; blank lines are passed over."""
    before = next(filter(None, map(str.strip, reversed(lines[: number - 1]))), "")
    after = next(filter(None, map(str.strip, lines[number:])), "")
    return before, text_of(lines, number), after


def text_of(lines: Sequence[str], number: int) -> str:
    return lines[number - 1].strip() if number <= len(lines) else ""


def unique(diagnostics: Sequence[Diagnostic], sources: Sources) -> list[str]:
    """Return the findings' fingerprints with their paths; of several that are alike, each has its own."""
    seen: Counter[str] = Counter()
    found = []
    for diagnostic in diagnostics:
        path = PurePath(diagnostic.path).as_posix()
        lines = sources.get(diagnostic.path, ())
        alike = fingerprint(diagnostic, lines, path)
        seen[alike] += 1
        found.append(alike if seen[alike] == 1 else fingerprint(diagnostic, lines, path, str(seen[alike])))
    return found
