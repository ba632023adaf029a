"""Which newer Python would read what this one cannot."""

import re
import sys
from collections.abc import Iterator

# Newer grammar that a line may hold, by the version that brought it. Only a hint: the line did not parse.
_NEWER_LINES = (
    ((3, 11), re.compile(r"\s*except\s*\*")),
    ((3, 12), re.compile(r"\s*(?:type\s+\w+\s*(?:=|\[)|(?:async\s+)?def\s+\w+\s*\[|class\s+\w+\s*\[)")),
    ((3, 13), re.compile(r"\s*(?:type|(?:async\s+)?def|class)\s+\w+\s*\[[^\]]*=")),
    ((3, 14), re.compile(r"\s*except\s+[\w.]+\s*,|.*\b(?:t|rt|tr)[\"']", re.IGNORECASE)),
    ((3, 15), re.compile(r"\s*lazy\s+(?:import|from)\b|.*[\[{(]\s*\*\*?[^,]*\bfor\b")),
)
# Quotes nested as PEP 701 allows show in the parser's message, not in the look of the line.
_NEWER_MESSAGES = (((3, 12), re.compile("f-string")),)


def newer_syntax(line: str, message: str) -> str:
    """Return a remark on the line that a SyntaxError names, if it may be syntax of a newer Python; else nothing."""
    newer = next(_newer_versions(line, message), None)
    if newer is None:
        return ""
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return f" (this may be syntax of Python {newer[0]}.{newer[1]}; async-lint is running on Python {running})"


def _newer_versions(line: str, message: str) -> Iterator[tuple[int, int]]:
    for version, pattern in (*_NEWER_LINES, *_NEWER_MESSAGES):
        if sys.version_info < version and pattern.match(line if (version, pattern) in _NEWER_LINES else message):
            yield version
