"""Findings of a notebook, told by cell and line of the cell."""

import re
from collections.abc import Sequence
from dataclasses import replace

from async_lint.files.notebook import Notebook
from async_lint.model import Diagnostic, Fix

_LINES = re.compile(r"\blines? (\d+(?:(?:, | and )\d+)*)")
_NUMBER = re.compile(r"\d+")


def in_cells(diagnostics: Sequence[Diagnostic], notebook: Notebook | None) -> list[Diagnostic]:
    """Return the findings of a file with their cells, where it is a notebook.

    Spans stay those of the module that the cells make; messages speak of the cells' own lines.
    """
    if notebook is None or not notebook.cells:
        return list(diagnostics)
    return [_in_cell(diagnostic, notebook) for diagnostic in diagnostics]


def _in_cell(diagnostic: Diagnostic, notebook: Notebook) -> Diagnostic:
    cell = notebook.cell_at(diagnostic.span.start.line)
    message = _told(diagnostic.message, diagnostic.path, notebook)
    return replace(diagnostic, message=message, fix=_fix(diagnostic.fix, notebook), cell=cell)


def _fix(fix: Fix | None, notebook: Notebook) -> Fix | None:
    if fix is None:
        return None
    edits = tuple(edit._replace(cell=notebook.cell_at(edit.span.start.line)) for edit in fix.edits)
    return replace(fix, edits=edits)


def _told(message: str, path: str, notebook: Notebook) -> str:
    """Return a message with the lines that it names as lines of their cells."""
    name = re.escape(re.split(r"[/\\]", path)[-1])

    def place(match: re.Match[str]) -> str:
        cell = notebook.cell_at(int(match[2]))
        return f"{match[1]}:cell {cell.number}:{int(match[2]) - cell.before}"

    def lines(match: re.Match[str]) -> str:
        numbers = list(map(int, _NUMBER.findall(match[1])))
        cells = [notebook.cell_at(number) for number in numbers]
        rows = [number - cell.before for number, cell in zip(numbers, cells, strict=True)]
        if len({cell.number for cell in cells}) == 1:
            listed = _NUMBER.sub(lambda number: str(int(number[0]) - cells[0].before), match[0])
            return f"{listed} of cell {cells[0].number}"
        return " and ".join(f"line {row} of cell {cell.number}" for row, cell in zip(rows, cells, strict=True))

    return _LINES.sub(lines, re.sub(rf"({name}):(\d+)", place, message))
