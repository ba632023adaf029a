"""A Jupyter notebook as the module that its code cells make one after another, and back to the bytes of its file.

https://nbformat.readthedocs.io/en/latest/format_description.html
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from async_lint.files.json_places import Place, places_of_sources
from async_lint.files.lines import split_lines
from async_lint.files.magics import Magics
from async_lint.model import Cell

NOTEBOOK = ".ipynb"
_LANGUAGES = ("python", "ipython")
_NEWEST_OLD_FORMAT = 3


class NotebookError(Exception):
    """The file is no notebook that can be read. `message` is a clause, `offset` the character of the file."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message, offset)
        self.message = message
        self.offset = offset


class CodeCell(NamedTuple):
    """A cell of code: its number among all cells, one-based, its text, and where the file has it.

    `before` lines of the module stand above it, and `above` lines of the file above that place.
    """

    number: int
    text: str
    place: Place
    before: int
    above: int


@dataclass(frozen=True, slots=True)
class Notebook:
    """The code cells of a notebook. `raw` is the file's text, `mark` the comment that ends each cell in the module."""

    raw: str
    cells: tuple[CodeCell, ...]
    mark: str

    @property
    def text(self) -> str:
        """The module: a cell's lines, a line that ends the cell, and so on."""
        hide = Magics(self.mark).hide
        return "".join(f"{hide(cell.text)}\n{self.mark}\n" for cell in self.cells)

    def shown(self, lines: Sequence[str]) -> list[str]:
        """Return lines of the module as the notebook has them; those that end cells are empty."""
        show = Magics(self.mark).show
        return ["\n" if line == f"{self.mark}\n" else show(line) for line in lines]

    def cell_at(self, line: int) -> Cell:
        """Return the cell that has a line of the module."""
        cell = self.cells[max(bisect_left(self.cells, line, key=attrgetter("before")) - 1, 0)]
        start = cell.place.line_start(self.raw, line - cell.before)
        return Cell(cell.number, cell.before, cell.above + self.raw.count("\n", cell.place.start, start) + 1)

    def raw_with(self, text: str) -> str:
        """Return the file's text with the module's `text` in its cells; raises NotebookError where cells are gone."""
        parts = text.split(f"{self.mark}\n")
        if len(parts) != len(self.cells) + 1:
            raise NotebookError("a change went beyond the end of a cell")
        *contents, rest = parts
        if rest:
            contents[-1] += rest
        show = Magics(self.mark).show
        changed = {
            cell.place: after
            for cell, content in zip(self.cells, contents, strict=True)
            if (after := show(content)[:-1]) != cell.text
        }
        raw = self.raw
        # From the end, so that the places before it hold.
        for place in sorted(changed, key=lambda place: -place.start):
            raw = place.replaced(raw, changed[place])
        return raw


def is_notebook(path: str) -> bool:
    """Whether a file is one by its name; what was named itself may have it in capitals."""
    return path.lower().endswith(NOTEBOOK)


def parse_notebook(raw: str) -> Notebook:
    """Return the notebook that a file's text holds; one of another language has no cells. Raises NotebookError."""
    try:
        document = json.loads(raw)
    except json.JSONDecodeError as error:
        raise NotebookError(f"the notebook is not valid JSON: {error.msg}", error.pos) from error
    except RecursionError as error:
        raise NotebookError("the notebook is nested too deeply") from error
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        raise NotebookError(_no_notebook(document))
    cells = tuple(_code_cells(document, raw)) if _is_python(document) else ()
    mark = "# async-lint:cell"
    while any(mark in cell.text for cell in cells):
        mark += "_"
    return Notebook(raw, cells, mark)


def _code_cells(document: dict[str, Any], raw: str) -> Iterator[CodeCell]:
    before = above = counted = 0
    for number, (cell, place) in enumerate(zip(document["cells"], places_of_sources(raw), strict=True), 1):
        source = _source(cell) if _is_code(cell) else None
        if place is not None and source is not None:
            above += raw.count("\n", counted, place.start)
            counted = place.start
            yield CodeCell(number, source, place, before, above)
            # Its own lines, and the one that ends it.
            before += len(split_lines(f"{source}\n")) + 1


def _no_notebook(document: Any) -> str:
    version = document.get("nbformat") if isinstance(document, dict) else None
    if isinstance(version, int) and version <= _NEWEST_OLD_FORMAT:
        return (
            f"notebooks of format {version} are not read; `jupyter nbconvert --to notebook` writes the format of today"
        )
    return "this is not a notebook: it has no list of `cells`"


def _is_python(document: dict[str, Any]) -> bool:
    metadata = document.get("metadata")
    for group, key in (("language_info", "name"), ("kernelspec", "language")):
        about = metadata.get(group) if isinstance(metadata, dict) else None
        language = about.get(key) if isinstance(about, dict) else None
        if isinstance(language, str):
            return language.lower() in _LANGUAGES
    return True


def _is_code(cell: Any) -> bool:
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return False
    # Editors let a cell be of another language than the notebook's.
    metadata = cell.get("metadata")
    editor = metadata.get("vscode") if isinstance(metadata, dict) else None
    return not isinstance(editor, dict) or editor.get("languageId", "python") == "python"


def _source(cell: dict[str, Any]) -> str | None:
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None
