"""Places: ours count lines from 1 and characters from 0, the protocol's lines from 0 and units of an encoding."""

from collections.abc import Sequence

from lsprotocol.types import Position as LspPosition
from lsprotocol.types import PositionEncodingKind, Range

from async_lint.model import Position, Span

# Bytes a unit, by how Python calls the encoding.
_CODECS = {
    PositionEncodingKind.Utf8: ("utf-8", 1),
    PositionEncodingKind.Utf16: ("utf-16-le", 2),
    PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


class Places:
    """The places of one text, in the encoding that was agreed on with the editor."""

    def __init__(self, lines: Sequence[str], encoding: PositionEncodingKind | str) -> None:
        self._lines = lines
        self._codec, self._size = _CODECS[PositionEncodingKind(encoding)]

    def range(self, span: Span) -> Range:
        return Range(self.to_editor(span.start), self.to_editor(span.end))

    def to_editor(self, position: Position) -> LspPosition:
        text = self._line(position.line)
        units = position.column if text.isascii() else self._units(text[: position.column])
        return LspPosition(position.line - 1, units)

    def from_editor(self, position: LspPosition) -> Position:
        text = self._line(position.line + 1)
        if text.isascii():
            return Position(position.line + 1, position.character)
        data = text.encode(self._codec, "surrogatepass")[: position.character * self._size]
        return Position(position.line + 1, len(data.decode(self._codec, "ignore")))

    def _units(self, text: str) -> int:
        return len(text.encode(self._codec, "surrogatepass")) // self._size

    def _line(self, line: int) -> str:
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""
