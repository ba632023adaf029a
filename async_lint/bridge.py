"""From libcst nodes to `ast` nodes: the same expression stands at the same place in both trees."""

import ast
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import libcst as cst

from async_lint.inference.answer import Answer, Kind
from async_lint.source import Source
from async_lint.tree import Slice

if TYPE_CHECKING:
    from async_lint.inference.declared import Declared
    from async_lint.inference.effects import Effect, Loop
    from async_lint.inference.lacking import Lack
    from async_lint.inference.origins import Site
    from async_lint.inference.project import Caller
    from async_lint.inference.scope import Frame, Unit

# Line and UTF-8 column of the start and of the end, as `ast` has them.
_Place = tuple[int, int, int, int]


class View(Protocol):
    """What the checks ask of inference about one module."""

    def units(self) -> "Iterator[Unit]": ...
    def walk(self, unit: "Unit", leaves: bool = True) -> "Iterator[tuple[ast.AST, Frame]]": ...
    def kind_of(self, call: ast.Call, frame: "Frame") -> Answer: ...
    def returns(self, callable_: ast.expr, frame: "Frame") -> Answer: ...
    def name_of(self, expression: ast.expr, frame: "Frame") -> str | None: ...
    def receiver_of(self, call: ast.Call, frame: "Frame") -> str | None: ...
    def canonical(self, name: str) -> str: ...
    def is_overridden(self, call: ast.Call, frame: "Frame") -> bool: ...
    def by_convention(self, call: ast.Call, frame: "Frame") -> str | None: ...
    def origins(self, expression: ast.expr, frame: "Frame") -> "tuple[Site, ...] | None": ...
    def results(self, site: "Site") -> "tuple[tuple[ast.expr, Frame], ...] | None": ...
    def default(self, name: str, parameter: str) -> ast.expr | None: ...
    def above(self, node: ast.AST, frame: "Frame") -> tuple[ast.AST, ...] | None: ...
    def callers(self, frame: "Frame") -> "list[Caller]": ...
    def calls_of(self, names: Sequence[str]) -> "list[Site]": ...
    def lacking(self, expression: ast.expr, frame: "Frame", method: str) -> "Lack | None": ...
    def source_of(self, expression: ast.expr, frame: "Frame") -> str: ...
    def parameter_declared(self, call: ast.Call, argument: ast.expr, frame: "Frame") -> "Declared | None": ...
    def target_declared(self, target: ast.expr, annotation: ast.expr | None, frame: "Frame") -> "Declared | None": ...
    def rules_out(self, classes: ast.expr, frame: "Frame") -> bool: ...
    def promised(self, frame: "Frame") -> Kind | None: ...
    def effect(self, loop: "Loop", frame: "Frame", collections: Collection[str] = ()) -> "Effect": ...
    def effect_of(self, callee: ast.expr, frame: "Frame") -> "Effect": ...


class Counterpart(NamedTuple):
    """The `ast` node of a libcst node, and where its names are looked up."""

    node: ast.expr
    frame: "Frame"


class Bridge:
    """Finds counterparts for the expressions of one slice, made of the statements `units`."""

    def __init__(self, source: Source, slice: Slice, units: "Iterable[Unit]", view: View) -> None:
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
        for each in doubtful:
            self._add_doubtful(each, places)
        return places

    def _add_doubtful(self, each: Counterpart, places: dict[_Place, Counterpart]) -> None:
        # Before Python 3.12 an expression in an f-string claims the place of the first text that looks like it, or
        # a wrong one. Only a place where its own text stands, and nothing else, is believed.
        if _place(each.node) not in places and self._stands_there(each.node):
            places[_place(each.node)] = each

    def _stands_there(self, node: ast.expr) -> bool:
        try:
            text = self._source.slice(self._source.span(node))
            found = ast.parse(f"({text})", mode="eval").body
        except (IndexError, SyntaxError, ValueError):
            return False
        return ast.dump(found) == ast.dump(node)


def _place(node: ast.expr) -> _Place:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0
