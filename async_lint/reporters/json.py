"""A list of objects in the shape that users of Python linters already parse. Rows and columns are one-based,
in a notebook those of the cell."""

import json
from collections.abc import Sequence

from async_lint.model import Diagnostic, Edit, Fix, Position, Sources
from async_lint.pages import address


def render(diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool) -> str:
    return json.dumps([_object(diagnostic) for diagnostic in diagnostics], indent=2) + "\n"


def _object(diagnostic: Diagnostic) -> dict[str, object]:
    before = diagnostic.cell.before if diagnostic.cell else 0
    return {
        "cell": diagnostic.cell.number if diagnostic.cell else None,
        "code": diagnostic.code,
        "end_location": _location(diagnostic.span.end, before),
        "filename": diagnostic.path,
        "fix": _fix(diagnostic.fix) if diagnostic.fix else None,
        "location": _location(diagnostic.span.start, before),
        "message": diagnostic.message,
        "name": diagnostic.name,
        "noqa_row": diagnostic.noqa_line - before,
        "severity": diagnostic.severity.value,
        "url": address(diagnostic.name),
    }


def _fix(fix: Fix) -> dict[str, object]:
    return {
        "applicability": fix.applicability.value,
        "edits": [_edit(edit) for edit in fix.edits],
        "message": fix.title,
    }


def _edit(edit: Edit) -> dict[str, object]:
    before = edit.cell.before if edit.cell else 0
    shown: dict[str, object] = {
        "content": edit.content,
        "end_location": _location(edit.span.end, before),
        "location": _location(edit.span.start, before),
    }
    # An import that a fix adds may stand in another cell than the finding.
    return shown | {"cell": edit.cell.number} if edit.cell else shown


def _location(position: Position, before: int) -> dict[str, int]:
    return {"row": position.line - before, "column": position.column + 1}
