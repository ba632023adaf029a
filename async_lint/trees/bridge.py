"""From libcst nodes to `ast` nodes: the same expression stands at the same place in both trees."""

import ast
import sys
from collections.abc import Iterable
from typing import NamedTuple

import libcst as cst

from async_lint.files.source import Source
from async_lint.inference.face import Frame, ModuleView, Unit
from async_lint.trees.tree import Slice

# Line and UTF-8 column of the start and of the end, as `ast` has them.
_Place = tuple[int, int, int, int]


class Counterpart(NamedTuple):
    """The `ast` node of a libcst node, and where its names are looked up."""

    node: ast.expr
    frame: Frame


class Bridge:
    """Finds counterparts for the expressions of one slice, made of the statements `units`."""

    def __init__(self, source: Source, slice: Slice, units: Iterable[Unit], view: ModuleView) -> None:
        self._source = source
        self._slice = slice
        self._units = tuple(units)
        self._view = view
        self._places: dict[_Place, Counterpart] | None = None

    def find(self, node: cst.CSTNode) -> Counterpart | None:
        """Return the counterpart of an expression; None where there is none that is certain."""
        if not self._slice.exact:
            return None
        if self._places is None:
            self._places = self._table()
        start, end = self._slice.span(node)
        column = self._source.byte_column
        return self._places.get((start.line, column(start), end.line, column(end)))

    def frame_around(self, function: cst.FunctionDef) -> "Frame | None":
        """Return the frame that the definition of a function stands in; None where it is not certain."""
        if not self._slice.exact:
            return None
        sought = self._slice.span(function.name).start.line, function.name.value
        for unit in self._units:
            for node, frame in self._view.walk(unit, leaves=False):
                if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    continue
                if (node.lineno, node.name) == sought:
                    return frame
        return None

    def _table(self) -> dict[_Place, Counterpart]:
        places: dict[_Place, Counterpart] = {}
        doubtful: list[Counterpart] = []
        formatted: set[int] = set()
        for unit in self._units:
            for node, frame in self._view.walk(unit):
                if not isinstance(node, ast.expr):
                    continue
                if id(node) in formatted:
                    doubtful.append(Counterpart(node, frame))
                    continue
                places[_place(node)] = Counterpart(node, frame)
                if sys.version_info < (3, 12) and isinstance(node, ast.JoinedStr):
                    formatted.update(id(below) for value in node.values for below in ast.walk(value))
        for counterpart in doubtful:
            self._add_doubtful(counterpart, places)
        return places

    def _add_doubtful(self, counterpart: Counterpart, places: dict[_Place, Counterpart]) -> None:
        # Before Python 3.12 an expression in an f-string claims the place of the first text that looks like it, or
        # a wrong one. Only a place where its own text stands, and nothing else, is believed.
        if _place(counterpart.node) not in places and self._stands_there(counterpart.node):
            places[_place(counterpart.node)] = counterpart

    def _stands_there(self, node: ast.expr) -> bool:
        try:
            text = self._source.slice(self._source.span(node))
            parsed = ast.parse(f"({text})", mode="eval").body
        except (IndexError, SyntaxError, ValueError):
            return False
        return ast.dump(parsed) == ast.dump(node)


def _place(node: ast.expr) -> _Place:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0
