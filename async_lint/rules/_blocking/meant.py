"""Blocking calls that are meant: a comment says so, or the docstring of the function around."""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from async_lint.inference.face import Frame
from async_lint.rules._shared.comments import MEANT

_SAYS_SO = re.compile(r"#.*\bblock(?:s|ing|ed)?\b", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"\A\s*(?:synchronous(?:ly)?|blocking)\b|(?<!never )(?<!not )\bblock(?:s|ing)? the (?:event )?loop\b", re.IGNORECASE
)
# `# Run synchronously: it is fast`, `# sync on purpose`
_SYNCHRONOUS = r"\bsync(?:hronous(?:ly)?)?\b"
_ON_PURPOSE = re.compile(
    rf"#.*(?:\b(?:run|call|done|executed?|kept?)\b(?: \w+)? (?:in )?{_SYNCHRONOUS}"
    rf"|{_SYNCHRONOUS}.*(?:{MEANT}|\b(?:fast|quick|cheap)\b)|{MEANT}.*{_SYNCHRONOUS})",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"\b(?:todo|fixme|xxx|hack|should|must|don't|do not|never|not|instead)\b", re.IGNORECASE)


def is_meant(around: Sequence[ast.AST], frame: Frame) -> bool:
    """Whether a comment at the statement or above it, or the docstring, says that it blocks, or runs so on purpose.

    `around` are the nodes above the call, its function first.
    """
    function = around[0]
    if isinstance(function, ast.AsyncFunctionDef) and _DESCRIBED.search(ast.get_docstring(function, clean=False) or ""):
        return True
    first = next(node.lineno for node in reversed(around) if isinstance(node, ast.stmt))
    line = frame.module.lines(first, first)
    comments = takewhile(lambda above: above.lstrip().startswith("#"), lines_above(first, frame))
    if any(map(_SAYS_SO.search, (*comments, line))):
        return True
    return any(map(_is_on_purpose, (line, *_paragraph(first, line, frame))))


def lines_above(line: int, frame: Frame) -> Iterator[str]:
    """Yield the lines above one, the nearest first."""
    return (frame.module.lines(number, number) for number in range(line - 1, 0, -1))


def _paragraph(first: int, line: str, frame: Frame) -> Iterator[str]:
    """Yield the comments of the same block above a statement, up to an empty line."""
    indent = _indent(line)
    for above in takewhile(str.strip, lines_above(first, frame)):
        if _indent(above) < indent:
            return
        if _indent(above) == indent and above.lstrip().startswith("#"):
            yield above


def _is_on_purpose(text: str) -> bool:
    return _ON_PURPOSE.search(text) is not None and _TO_DO.search(text) is None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
