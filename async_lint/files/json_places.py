"""Where a notebook's JSON has the source of each cell, so that nothing else in it is written anew."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

_BLANK = re.compile(r"[ \t\n\r]*")
_decode = json.JSONDecoder().raw_decode


class Place(NamedTuple):
    """A `source` in the text of a file: from `start` up to `end`, a string or a list of them."""

    start: int
    end: int

    def line_start(self, raw: str, row: int) -> int:
        """Return where the string with that one-based line of the source begins in the file."""
        starts = [start for start, _ in _items(raw, self.start)] if raw[self.start] == "[" else [self.start]
        return starts[min(row, len(starts)) - 1] if starts else self.start

    def replaced(self, raw: str, source: str) -> str:
        """Return the file's text with another source here, in the way that the file writes this one."""
        # A file that spells out no character beyond ASCII goes on so.
        plain = raw.isascii()
        if raw[self.start] != "[":
            return raw[: self.start] + json.dumps(source, ensure_ascii=plain) + raw[self.end :]
        lines = [json.dumps(line, ensure_ascii=plain) for line in re.findall(r"[^\n]*\n|[^\n]+", source)]
        before, between, after = self._spacing(raw)
        body = f"{before}{between.join(lines)}{after}" if lines else ""
        return f"{raw[: self.start]}[{body}]{raw[self.end :]}"

    def _spacing(self, raw: str) -> tuple[str, str, str]:
        """Return what the file puts before the first line of a source, between two, and behind the last."""
        items = list(_items(raw, self.start))
        if not items:
            return "", ", ", ""
        before = raw[self.start + 1 : items[0][0]]
        between = raw[items[0][1] : items[1][0]] if len(items) > 1 else f",{before or ' '}"
        return before, between, raw[items[-1][1] : self.end - 1]


def places_of_sources(raw: str) -> list[Place | None]:
    """Return, for each cell of a notebook, where its source is. `raw` is valid JSON: an object with a list `cells`."""
    places: list[Place | None] = []
    for key, start, _ in _members(raw, _skip(raw, 0)):
        if key == "cells":
            # Of a key that is there twice the last one counts, as for who decodes it.
            places = [_source(raw, cell) for cell, _ in _items(raw, start)]
    return places


def _source(raw: str, cell: int) -> Place | None:
    found = None
    for key, start, end in _members(raw, cell) if raw[cell] == "{" else ():
        if key == "source":
            found = Place(start, end)
    return found


def _members(raw: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield the keys of the object at `start`, each with where its value begins and ends."""
    position = _skip(raw, start + 1)
    while raw[position] != "}":
        key, position = _decode(raw, position)
        value = _skip(raw, _skip(raw, position) + 1)
        _, end = _decode(raw, value)
        yield key, value, end
        position = _next(raw, end)


def _items(raw: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where each item of the array at `start` begins and ends."""
    position = _skip(raw, start + 1)
    while raw[position] != "]":
        _, end = _decode(raw, position)
        yield position, end
        position = _next(raw, end)


def _next(raw: str, end: int) -> int:
    position = _skip(raw, end)
    return _skip(raw, position + 1) if raw[position] == "," else position


def _skip(raw: str, position: int) -> int:
    match = _BLANK.match(raw, position)
    assert match is not None
    return match.end()
