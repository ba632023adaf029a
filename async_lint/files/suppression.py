"""`noqa` comments, with the meaning that flake8 gives them."""

import re
import tokenize
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from async_lint.files.source import Source

# As flake8 7.5 has them (`flake8/defaults.py`). What follows the colon and is no code makes the comment a blanket.
_INLINE = re.compile(r"# noqa(?::[\s]?(?P<codes>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,\s]+")
_OUTSIDE = (tokenize.ENDMARKER, tokenize.DEDENT)
_ENDS = (tokenize.NL, tokenize.NEWLINE)


class Suppressions:
    """What the `noqa` comments of one file cover. `file_level`: the whole file is left out."""

    def __init__(self, source: "Source") -> None:
        # Most files have none: then neither lines nor tokens are looked at.
        mentioned = "noqa" in source.text.lower()
        self.file_level = mentioned and any(map(_FILE.match, source.lines))
        self._lines = source.lines if mentioned else []
        self._comments: dict[int, tuple[str, ...] | None] | None = None

    def covers(self, line: int, code: str) -> bool:
        """Whether a finding of `code` on this one-based line is suppressed."""
        if self.file_level or not self._lines:
            return self.file_level
        if self._comments is None:
            self._comments = _comments(self._lines)
        if line not in self._comments:
            return False
        codes = self._comments[line]
        # As in flake8, the beginning of a code covers all that begin so.
        return codes is None or code.startswith(codes)


def _comments(lines: list[str]) -> dict[int, tuple[str, ...] | None]:
    """Map each covered line to the codes of its comment, None for a blanket."""
    comments: dict[int, tuple[str, ...] | None] = {}
    ranges = noqa_ranges(lines)
    line = 0
    while line < len(lines):
        first, last = ranges.get(line + 1, (line + 1, line + 1))
        match = _INLINE.search("".join(lines[first - 1 : last]))
        if match is not None:
            codes = match["codes"]
            covered = None if codes is None else tuple(filter(None, _SEPARATOR.split(codes)))
            comments.update(dict.fromkeys(range(line + 1, last + 1), covered))
        line = max(line + 1, last)
    return comments


def noqa_ranges(lines: Iterable[str]) -> dict[int, tuple[int, int]]:
    """Map one-based lines to the first and last line that one `noqa` comment covers.

    A multi-line string and a backslash continuation join their lines; brackets do not. Lines that cannot be
    tokenized are absent and stand for themselves.
    """
    ranges: dict[int, tuple[int, int]] = {}
    first = last = 0
    try:
        for kind, _, start, end, _ in tokenize.generate_tokens(map(_unix_line, lines).__next__):
            if kind in _OUTSIDE:
                continue
            first = first or start[0]
            last = max(last, end[0])
            if kind in _ENDS:
                ranges.update(dict.fromkeys(range(first, last + 1), (first, last)))
                first = last = 0
    except (tokenize.TokenError, SyntaxError):
        return {}
    return ranges


def _unix_line(line: str) -> str:
    # The tokenizer before 3.12 takes a lone carriage return for an error.
    return line.rstrip("\r\n") + "\n" if line.endswith(("\r", "\r\n")) else line
