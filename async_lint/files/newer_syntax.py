"""Which newer Python would read what this one cannot, by where its parser stopped and what it said."""

import re
import sys
from typing import NamedTuple


class _Newer(NamedTuple):
    """Syntax that came with a version. What stands before and behind the place of the error, and the message, tell it.

    `sure`: it cannot be anything else.
    """

    version: tuple[int, int]
    sure: bool
    before: str = ""
    behind: str = ""
    message: str = ""


_SEVERAL = r"[^:]*,(?!.*\bas\b)"
_DEFINED = r"\s*(?:type|(?:async\s+)?def|class)\s+\w+\s*"
_NEWER = (
    _Newer((3, 11), True, r"\s*except\s*$", r"\*"),
    _Newer((3, 11), False, r".*[\w)\]]\[(?:.*,)?\s*$|\s*(?:async\s+)?def\b.*:\s*$", r"\*"),
    _Newer((3, 12), True, r"\s*type\s+$", r"\w+\s*(?:=|\[)"),
    _Newer((3, 12), True, rf"{_DEFINED}$", r"\["),
    _Newer((3, 12), True, message="f-string expression part cannot include"),
    # Quotes in quotes and lines in a line; or what is open there is never closed.
    _Newer((3, 12), False, message=r"f-string: (?:unmatched|expecting)"),
    _Newer(
        (3, 12), False, behind=r"(?:f|fr|rf)(?P<quote>['\"])(?!(?P=quote)).*\{", message="unterminated string literal"
    ),
    _Newer((3, 13), True, rf"{_DEFINED}$", r"\[[^\]]*="),
    _Newer((3, 13), True, rf"{_DEFINED}\[[^\]]*$", r"="),
    _Newer((3, 14), True, r"(?:.*\W)?(?:t|tr|rt)$", r"['\"]", "invalid syntax"),
    _Newer((3, 14), True, r"\s*except\b", _SEVERAL, "multiple exception types"),
    _Newer((3, 14), True, r"\s*except\s*$", rf"\*{_SEVERAL}"),
    _Newer((3, 15), True, r"\s*lazy\s+$", r"(?:import|from)\b"),
    _Newer((3, 15), True, message=r"(?:iterable|dict) unpacking cannot be used in (?:dict )?comprehension"),
)


def newer_syntax(line: str, column: int, message: str) -> str:
    """Return a remark on a SyntaxError at a place of a line, if that is syntax of a newer Python; else nothing."""
    running = sys.version_info[:2]
    found = [each for each in _NEWER if each.version > running and _fits(each, line, column, message)]
    if not found:
        return ""
    newest = max(found)
    verb = "is" if newest.sure else "may be"
    newer, own = (".".join(map(str, version)) for version in (newest.version, running))
    return f" (this {verb} syntax of Python {newer}, which would read it; async-lint is running on Python {own})"


def _fits(newer: _Newer, line: str, column: int, message: str) -> bool:
    return all(
        re.match(pattern, text, re.IGNORECASE)
        for pattern, text in ((newer.before, line[:column]), (newer.behind, line[column:]), (newer.message, message))
    )
