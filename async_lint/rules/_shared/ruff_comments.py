"""Comments in which ruff is told to leave a finding out: of a line, a statement, a range of lines, a file.

As of ruff 0.17: https://docs.astral.sh/ruff/linter/#error-suppression
"""

import re
import tokenize
from collections.abc import Iterator
from typing import NamedTuple

from async_lint.context import Context
from async_lint.files.source import Source
from async_lint.model import Span

_TOLD = re.compile(r"#\s*ruff:\s*(?:(ignore|file-ignore|disable|enable)\[([^\]]*)\]|(noqa):\s*([A-Z]+[0-9]+.*))")
_SEPARATOR = re.compile(r"[,\s]+")
_LAYOUT = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT)
_END = 1 << 30


class _Silence(NamedTuple):
    """Lines, counted from 1, on which findings with one of some codes or names are left out."""

    first: int
    last: int
    names: tuple[str, ...]


def is_left_out_of_ruff(span: Span, names: frozenset[str], context: Context) -> bool:
    """Whether such a comment covers `span` for a rule of ruff, given by its code and its name."""
    if "ruff:" not in context.source.text:
        return False
    return any(
        silence.first <= span.end.line and span.start.line <= silence.last and not names.isdisjoint(silence.names)
        for silence in context.source.once(_silences)
    )


def _silences(source: Source) -> list[_Silence]:
    reader = _Reader()
    try:
        for token in tokenize.generate_tokens(_lines(source).__next__):
            reader.read(token)
    except (tokenize.TokenError, SyntaxError):
        pass
    return [*reader.found, *(_Silence(line, _END, names) for line, _, names in reader.ranges)]


def _lines(source: Source) -> Iterator[str]:
    # The tokenizer before 3.12 takes a lone carriage return for an error.
    return (line.rstrip("\r\n") + "\n" for line in source.lines)


class _Reader:
    """The tokens of a file, one after the other."""

    def __init__(self) -> None:
        self.found: list[_Silence] = []
        # The ranges that are open: the line and the column of the comment, the names.
        self.ranges: list[tuple[int, int, tuple[str, ...]]] = []
        self._above: list[tuple[str, ...]] = []
        self._first = 0  # line of the statement that is being read

    def read(self, token: tokenize.TokenInfo) -> None:
        line, column = token.start
        if token.type == tokenize.COMMENT:
            is_alone = not token.line[:column].strip()
            for match in _TOLD.finditer(token.string):
                names = tuple(filter(None, _SEPARATOR.split(match[2] or match[4] or "")))
                self._told(match[1] or match[3], names, line, column, is_alone)
        elif token.type == tokenize.NEWLINE:
            self.found += (_Silence(self._first, line, names) for names in self._above)
            self._above, self._first = [], 0
        elif token.type not in _LAYOUT and not self._first and token.type != tokenize.ENDMARKER:
            self._first = line
            self._close(line - 1, [open_range for open_range in self.ranges if open_range[1] > column])

    def _told(self, word: str, names: tuple[str, ...], line: int, column: int, is_alone: bool) -> None:
        if word == "ignore" and is_alone and not self._first:
            self._above.append(names)
        elif word == "ignore":
            self.found.append(_Silence(line, line + is_alone, names))
        elif not is_alone:
            return
        elif word == "disable":
            self.ranges.append((line, column, names))
        elif word == "enable":
            self._close(line, [open_range for open_range in self.ranges if open_range[1:] == (column, names)][-1:])
        else:
            self.found.append(_Silence(1, _END, names))

    def _close(self, last: int, ranges: list[tuple[int, int, tuple[str, ...]]]) -> None:
        self.found += (_Silence(line, last, names) for line, _, names in ranges)
        self.ranges = [open_range for open_range in self.ranges if open_range not in ranges]
