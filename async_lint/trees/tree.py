"""A run of lines as a libcst tree whose nodes know their exact place in the file."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeVar, cast

import libcst as cst

from async_lint.files.source import Source
from async_lint.model import Position, Span
from async_lint.trees.nesting import MAX_DEPTH, depth_of
from async_lint.trees.recorder import Recorder, Surroundings, Tokens

# libcst parses no module that begins indented: a block is put under a header of our own.
_HEADER = "if 1:\n"
_FORM_FEEDS = re.compile(r"[ \t\f]*\f")
_NEWLINES = re.compile(r"\r\n?")
_REFUSED_AT = re.compile(r"error at (\d+):(\d+)")


_Node = TypeVar("_Node", bound=cst.CSTNode)
_Made = TypeVar("_Made")


class SliceError(Exception):
    """The lines cannot become a libcst tree: `message` is a clause for the user, `position` where the trouble is."""

    def __init__(self, message: str, position: Position) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position


@dataclass(slots=True)
class Slice:
    """Some lines of a file as a tree. `body` is what stands in them, without the header that `module` may need.

    Spans are in the file's coordinates. They are worked out when first asked for.
    """

    module: cst.Module
    body: Sequence[cst.BaseStatement | cst.BaseSmallStatement]
    first_line: int
    text: str
    _header_lines: int
    _shifts: Mapping[int, int]
    _recorder: Recorder | None = field(default=None, repr=False)
    _surroundings: Surroundings | None = field(default=None, repr=False)
    _offsets: list[int] = field(default_factory=list, repr=False)
    _line_starts: list[int] = field(default_factory=list, repr=False)
    _exact: bool = field(default=False, repr=False)
    _made: dict[object, object] = field(default_factory=dict, repr=False)

    @property
    def exact(self) -> bool:
        """Whether the tree gives back the text it was made from. Where it does not, spans may be off: offer no fix."""
        self._recorded()
        return self._exact

    def span(self, node: cst.CSTNode) -> Span:
        """Return the node's place as `ast` has it: its own parentheses count for tuples and generators alone.

        Two differences are left: a generator that is a call's only argument does not count that call's parentheses,
        and a `;` at the end of a block does not count. Raises KeyError for a node of another tree.
        """
        if isinstance(node, (cst.Tuple, cst.GeneratorExp)) and node.lpar:
            return self._between(node.lpar[-1], node.rpar[0])
        own = self._recorded().places.get(id(node))
        return self._between(node, node) if own is None else self._span(own)

    def outer_span(self, node: cst.CSTNode) -> Span:
        """Return the node's place with its own parentheses."""
        lpar = getattr(node, "lpar", None)
        if not lpar or not isinstance(lpar, Sequence):
            return self.span(node)
        return self._between(lpar[0], cast(cst.BaseExpression, node).rpar[-1])

    def once(self, make: Callable[[_Node], _Made], node: _Node) -> _Made:
        """Return `make(node)` for a node of the slice, worked out once: a function may have a thousand findings."""
        key = make, id(node)
        if key not in self._made:
            self._made[key] = make(node)
        return cast(_Made, self._made[key])

    def _recorded(self) -> Recorder:
        if self._recorder is None:
            recorder = Recorder(self.module)
            self._offsets = list(accumulate(map(len, recorder.tokens), initial=0))
            self._line_starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
            self._exact = "".join(recorder.tokens) == self.text
            self._recorder = recorder
        return self._recorder

    def _between(self, first: cst.CSTNode, last: cst.CSTNode) -> Span:
        self._recorded()
        if self._surroundings is None:
            self._surroundings = Surroundings(self.module)
        places = self._surroundings.places
        return self._span((places[id(first)][0], places[id(last)][1]))

    def _span(self, tokens: Tokens) -> Span:
        return Span(self._position(self._offsets[tokens[0]]), self._position(self._offsets[tokens[1]]))

    def _position(self, offset: int) -> Position:
        row = bisect_right(self._line_starts, offset) - 1
        column = offset - self._line_starts[row]
        line = self.first_line + row - self._header_lines
        return Position(line, column + self._shifts.get(line, 0))


def parse_slice(source: Source, first_line: int, last_line: int, column: int = 0) -> Slice:
    """Parse whole lines of a file, one-based and inclusive; raises SliceError.

    What stands before `column` on the first line is left out: statements may share a line (`else: f()`).
    """
    lines = source.lines[first_line - 1 : last_line]
    if lines[0][:column].strip(" \t\f"):
        lines[0] = " " * column + lines[0][column:]
    shifts = _take_form_feeds(lines, first_line)
    text = _NEWLINES.sub("\n", "".join(lines))
    # Without its last newline the tree would have a token less than its nodes.
    text += "" if text.endswith("\n") else "\n"
    # libcst loses a last newline after a backslash, although that one stands in a comment.
    text += "\n" if text.endswith("\\\n") else ""
    header = _HEADER if text[:1] in (" ", "\t") else ""
    if depth_of(text) > MAX_DEPTH:
        raise SliceError("the code is nested too deeply", Position(first_line, 0))
    module = _parse(header + text, first_line - len(header.splitlines()))
    body: Sequence[cst.BaseStatement | cst.BaseSmallStatement] = module.body
    if header:
        body = cast(cst.If, module.body[0]).body.body
    return Slice(module, body, first_line, header + text, len(header.splitlines()), shifts)


def _take_form_feeds(lines: list[str], first_line: int) -> Mapping[int, int]:
    """Remove the form feeds that lines begin with; return how many characters went, by the line in the file.

    To the tokenizer a form feed in the indentation starts the line anew. libcst loses it, or the indentation.
    """
    taken = {}
    for index, line in enumerate(lines):
        match = _FORM_FEEDS.match(line) if "\f" in line else None
        if match is not None:
            taken[first_line + index] = match.end()
            lines[index] = line[match.end() :]
    return taken


def _parse(text: str, first_line: int) -> cst.Module:
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        # Where the native parser stopped stands only in its message.
        place = _REFUSED_AT.search(error.message)
        line = first_line + (int(place[1]) - 1 if place else error.raw_line - 1)
        message = "libcst, which the checks need, cannot parse this code"
        raise SliceError(message, Position(line, int(place[2]) - 1 if place else error.raw_column)) from error
    # `ast.parse` lets an `except:` pass that is not the last handler: the compiler refuses it.
    except cst.CSTValidationError as error:
        raise SliceError("libcst, which the checks need, takes this for no code", Position(first_line, 0)) from error
    except RecursionError as error:
        raise SliceError("the code is nested too deeply", Position(first_line, 0)) from error
