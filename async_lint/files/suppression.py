"""`noqa` comments, with the meaning that flake8 gives them."""

import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from async_lint.files.statement_lines import lines_around

if TYPE_CHECKING:
    from async_lint.files.source import Source

# As flake8 7.5 has them (`flake8/defaults.py`). What follows the colon and is no code makes the comment a blanket.
_INLINE = re.compile(r"# noqa(?::[\s]?(?P<codes>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)
_WORD = re.compile(r"# noqa:\s?([a-z]+(?:-[a-z]+)+)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,\s]+")
_OUTSIDE = (tokenize.ENDMARKER, tokenize.DEDENT)
_ENDS = (tokenize.NL, tokenize.NEWLINE)


class Mark(NamedTuple):
    """What suppresses findings on the lines that it `covers`: the `text` at a one-based line and a column.

    `codes` is None for a blanket. It need not be a comment: flake8 looks for it in strings as well.
    """

    covers: range
    line: int
    column: int
    text: str
    codes: tuple[str, ...] | None


class Suppressions:
    """What the `noqa` comments of one file cover. `file_level`: the whole file is left out."""

    def __init__(self, source: "Source") -> None:
        # Most files have none: then neither lines nor tokens are looked at.
        mentioned = "noqa" in source.text.lower()
        self.file_level = mentioned and any(map(_FILE.match, source.lines))
        self._lines = source.lines if mentioned else []
        self._body = source.tree.body
        self._ranges: dict[tuple[int, int], dict[int, tuple[int, int]]] = {}

    def covers(self, line: int, code: str) -> bool:
        """Whether a finding of `code` on this one-based line is suppressed."""
        if self.file_level or not self._lines:
            return self.file_level
        first, last = self._range(line)
        match = _INLINE.search("".join(self._lines[first - 1 : last]))
        if match is None:
            return False
        codes = match["codes"]
        # As in flake8, the beginning of a code covers all that begin so.
        return codes is None or code.startswith(_split(codes))

    def _range(self, line: int) -> tuple[int, int]:
        """Return the lines that one comment covers with this one: tokens are dear, so only its statement has to do."""
        around = lines_around(self._body, line)
        if around not in self._ranges:
            first, last = around
            found = noqa_ranges(self._lines[first - 1 : last])
            self._ranges[around] = {
                number + first - 1: (start + first - 1, end + first - 1) for number, (start, end) in found.items()
            }
        return self._ranges[around].get(line, (line, line))


def marks(lines: Sequence[str]) -> Iterator[Mark]:
    """Yield what suppresses something, in order. Of several that cover a line only the first counts."""
    # Most files have none: then no tokens are looked at.
    if not any(map(_INLINE.search, lines)):
        return
    ranges = noqa_ranges(lines)
    line = 0
    while line < len(lines):
        first, last = ranges.get(line + 1, (line + 1, line + 1))
        joined = "".join(lines[first - 1 : last])
        match = _INLINE.search(joined)
        if match is not None:
            before = joined[: match.start()]
            starts = list(accumulate(map(len, lines[first - 1 : last]), initial=0))
            row = bisect_right(starts, len(before)) - 1
            codes = None if match["codes"] is None else _split(match["codes"])
            yield Mark(range(line + 1, last + 1), first + row, len(before) - starts[row], match[0], codes)
        line = max(line + 1, last)


def noqa_ranges(lines: Iterable[str]) -> dict[int, tuple[int, int]]:
    """Map one-based lines to the first and last line that one `noqa` comment covers.

    A multi-line string and a backslash continuation join their lines; brackets do not. Lines that cannot be
    tokenized are absent and stand for themselves.
    """
    ranges: dict[int, tuple[int, int]] = {}
    first = last = 0
    try:
        for kind, _, start, end, _ in _tokens(lines):
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


def comments(lines: Sequence[str]) -> dict[int, tuple[int, str]]:
    """Map one-based lines to the column and the text of the comment that ends them; empty where tokens fail."""
    try:
        return {token.start[0]: (token.start[1], token.string) for token in comment_tokens(lines)}
    except (tokenize.TokenError, SyntaxError):
        return {}


def comment_tokens(lines: Iterable[str]) -> Iterator[tokenize.TokenInfo]:
    """Yield the comments of a file's lines; raises TokenError or SyntaxError where tokens fail."""
    return (token for token in _tokens(lines) if token.type == tokenize.COMMENT)


def words_for_codes(source: "Source") -> Iterator[tuple[int, str]]:
    """Yield line and word of each comment that has a word where a code belongs: it is a blanket."""
    if _WORD.search(source.text):
        for line, (_, comment) in comments(source.lines).items():
            if match := _WORD.search(comment):
                yield line, match[1]


def _split(codes: str) -> tuple[str, ...]:
    return tuple(filter(None, _SEPARATOR.split(codes)))


def _tokens(lines: Iterable[str]) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(map(_unix_line, lines).__next__)


def _unix_line(line: str) -> str:
    # The tokenizer before 3.12 takes a lone carriage return for an error.
    return line.rstrip("\r\n") + "\n" if line.endswith(("\r", "\r\n")) else line
