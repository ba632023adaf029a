"""A file's bytes as text, lines and tree, and the one conversion between `ast`'s columns and ours."""

import ast
import io
import tokenize
import warnings
from bisect import bisect_left
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Protocol, TypeVar, cast

from async_lint.files.lines import split_lines
from async_lint.files.newer_syntax import newer_syntax
from async_lint.files.notebook import Notebook, NotebookError, is_notebook, parse_notebook
from async_lint.model import Position, Span

_Made = TypeVar("_Made")


class UnreadableError(Exception):
    """The file cannot be checked. `message` is a clause for the user, `position` where the trouble is (1:0 unknown).

    The position is one in the module of the `notebook`, where there is one.
    """

    def __init__(self, message: str, position: Position = Position(1, 0), notebook: Notebook | None = None) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position
        self.notebook = notebook


class Located(Protocol):
    """An `ast` node that has a place."""

    @property
    def lineno(self) -> int: ...
    @property
    def col_offset(self) -> int: ...
    @property
    def end_lineno(self) -> int | None: ...
    @property
    def end_col_offset(self) -> int | None: ...


@dataclass(slots=True)
class Source:
    """One file.

    `path` is as the user gave it, `data` what was read, `text` the decoded rest after the BOM with its newlines
    untouched. `lines` are split as Python does (`\\n`, `\\r\\n`, `\\r`; a form feed does not split), ends kept. The
    text of a `notebook` is the module that its cells make.
    """

    path: str
    data: bytes
    text: str
    encoding: str
    bom: bool
    tree: ast.Module
    lines: list[str]
    notebook: Notebook | None = None
    _starts: list[int] = field(default_factory=list, repr=False)
    _made: dict[object, object] = field(default_factory=dict, repr=False)

    @property
    def newline(self) -> str:
        """The end of the first line: what inserted lines end with."""
        first = self.lines[0] if self.lines else ""
        return first[len(first.rstrip("\r\n")) :] or "\n"

    @property
    def shown_lines(self) -> list[str]:
        """The lines as a person sees them: in a notebook, with what only IPython reads."""
        return self.notebook.shown(self.lines) if self.notebook is not None else self.lines

    def label(self, line: int) -> str:
        """Return how a message calls a line of the file: `app.py:3`, or `book.ipynb:cell 2:1`."""
        if self.notebook is None:
            return f"{self.path}:{line}"
        cell = self.notebook.cell_at(line)
        return f"{self.path}:cell {cell.number}:{line - cell.before}"

    def encode(self, text: str) -> bytes:
        """Return the bytes of the file with this text; raises UnicodeEncodeError, UnreadableError for a notebook."""
        if self.notebook is not None:
            try:
                text = self.notebook.raw_with(text)
            except NotebookError as error:
                raise UnreadableError(error.message) from error
        return (BOM_UTF8 if self.bom else b"") + text.encode(self.encoding)

    def offset(self, position: Position) -> int:
        """Return the index into `text`. The position after the last line's end is the text's length."""
        if not self._starts:
            self._starts.extend(accumulate(map(len, self.lines), initial=0))
        return self._starts[position.line - 1] + position.column

    def position(self, line: int, byte_column: int) -> Position:
        """Convert `ast`'s column, which counts UTF-8 bytes."""
        text = self._line(line)
        if text.isascii():
            return Position(line, byte_column)
        if len(text) > _LONG:
            return Position(line, min(bisect_left(_byte_columns(text), byte_column), len(text)))
        return Position(line, len(text.encode("utf-8", "surrogatepass")[:byte_column].decode("utf-8", "replace")))

    def byte_column(self, position: Position) -> int:
        """Convert back: the UTF-8 column as `ast` gives it."""
        text = self._line(position.line)
        if text.isascii():
            return position.column
        if len(text) > _LONG:
            return _byte_columns(text)[min(position.column, len(text))]
        return len(text[: position.column].encode("utf-8", "surrogatepass"))

    def span(self, node: Located) -> Span:
        """Return where an `ast` node stands."""
        start = self.position(node.lineno, node.col_offset)
        if node.end_lineno is None or node.end_col_offset is None:
            return Span(start, start)
        return Span(start, self.position(node.end_lineno, node.end_col_offset))

    def slice(self, span: Span) -> str:
        """Return the text of a span, newlines as they are."""
        return self.text[self.offset(span.start) : self.offset(span.end)]

    def once(self, make: "Callable[[Source], _Made]") -> _Made:
        """Return `make(self)`, worked out once: a file may have a thousand findings."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(_Made, self._made[make])

    def _line(self, line: int) -> str:
        return self.lines[line - 1] if line <= len(self.lines) else ""


def read_source(path: str, data: bytes, tree: ast.Module | None = None) -> Source:
    """Decode and parse a file; raises UnreadableError. A caller that has parsed `data` already hands its `tree`."""
    if is_notebook(path):
        return _read_notebook(path, data)
    encoding, bom = _encoding(data)
    text = _decode(data, encoding, bom)
    lines = split_lines(text)
    # The parser would refuse it too, but in some versions without saying where.
    if "\0" in text:
        raise UnreadableError("the file contains a NUL byte", _position_at(text, text.index("\0")))
    return Source(path, data, text, encoding, bom, tree or _parse(text, lines), lines)


def lines_of(path: str, data: bytes) -> list[str]:
    """Return the lines of a file as a person sees them; what cannot be decoded is shown as escapes."""
    try:
        if is_notebook(path):
            return _read_notebook(path, data).shown_lines
        encoding, bom = _encoding(data)
        return split_lines(_decode(data, encoding, bom))
    except UnreadableError as error:
        if error.notebook is not None:
            return error.notebook.shown(split_lines(error.notebook.text))
        return split_lines(data.decode("utf-8-sig", "backslashreplace"))


def _read_notebook(path: str, data: bytes) -> Source:
    bom = data.startswith(BOM_UTF8)
    raw = _decode(data, "utf-8", bom)
    try:
        notebook = parse_notebook(raw)
    except NotebookError as error:
        raise UnreadableError(error.message, _position_at(raw, error.offset)) from error
    text = notebook.text
    lines = split_lines(text)
    if "\0" in text:
        raise UnreadableError("the cell contains a NUL byte", _position_at(text, text.index("\0")), notebook)
    try:
        tree = _parse(text, lines)
    except UnreadableError as error:
        # A bracket that is never closed would be told of where the next cells end.
        fault = _first_fault(lines, notebook.mark) or error
        raise UnreadableError(fault.message, fault.position, notebook) from error
    return Source(path, data, text, "utf-8", bom, tree, lines, notebook)


def _first_fault(lines: list[str], mark: str) -> UnreadableError | None:
    """Return what is wrong with the first cell that is no Python by itself, at its place in the module."""
    start = 0
    for index, line in enumerate(lines):
        if line.rstrip("\n") == mark:
            cell = lines[start:index]
            try:
                _parse("".join(cell), cell)
            except UnreadableError as error:
                return UnreadableError(error.message, error.position._replace(line=error.position.line + start))
            start = index + 1
    return None


# A line of this length is asked about again and again, and not worked out anew each time.
_LONG = 1000


@lru_cache(maxsize=1)
def _byte_columns(line: str) -> list[int]:
    """Return the UTF-8 column of each character, and of the end."""
    return list(accumulate((len(character.encode("utf-8", "surrogatepass")) for character in line), initial=0))


def _encoding(data: bytes) -> tuple[str, bool]:
    bom = data.startswith(BOM_UTF8)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    # Since Python 3.14 a codec that makes no text, such as rot13, is a LookupError.
    except (SyntaxError, LookupError) as error:
        # The tokenizer's error for a first line that is not UTF-8 names no byte.
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as undecodable:
            raise _undecodable(undecodable, data, "utf-8") from error
        raise UnreadableError(f"the declared encoding cannot be used: {error}") from error
    # `detect_encoding` says `utf-8-sig`, which would write the BOM a second time.
    return ("utf-8" if bom else encoding), bom


def _decode(data: bytes, encoding: str, bom: bool) -> str:
    body = data[len(BOM_UTF8) :] if bom else data
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(error, body, encoding) from error
    except (LookupError, UnicodeError) as error:
        raise UnreadableError(f"the declared encoding cannot be used: {error}") from error


def _undecodable(error: UnicodeDecodeError, data: bytes, encoding: str) -> UnreadableError:
    before = data[: error.start].decode(encoding, "replace")
    byte = f"byte 0x{data[error.start]:02x}" if error.start < len(data) else "the end of the file"
    remedy = ", and no other encoding is declared" if encoding == "utf-8" else ""
    return UnreadableError(f"{byte} is not valid {encoding}{remedy}", _position_at(before, len(before)))


def _position_at(text: str, offset: int) -> Position:
    lines = split_lines(text[:offset])
    if not lines:
        return Position(1, 0)
    if lines[-1].endswith(("\n", "\r")):
        return Position(len(lines) + 1, 0)
    return Position(len(lines), len(lines[-1]))


def _parse(text: str, lines: list[str]) -> ast.Module:
    try:
        with warnings.catch_warnings():
            # Parsing warns of invalid escapes; under `-W error` it would raise SyntaxError instead.
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise _syntax_error(error, lines) from error
    except (RecursionError, MemoryError) as error:
        raise UnreadableError("the code is nested too deeply to be parsed") from error
    except ValueError as error:
        raise UnreadableError(f"the file cannot be parsed: {error}") from error


def _syntax_error(error: SyntaxError, lines: list[str]) -> UnreadableError:
    # Python may place an error beyond the text, where the file ends too soon, or nowhere.
    line = min(max(error.lineno or 1, 1), max(len(lines), 1))
    text = lines[line - 1] if lines else ""
    column = min(max((error.offset or 1) - 1, 0), len(text.rstrip("\r\n")))
    hint = newer_syntax(text, column, error.msg)
    return UnreadableError(f"syntax error: {error.msg}{hint}", Position(line, column))
