"""A list of objects in the shape that users of Python linters already parse. Rows and columns are one-based."""

import json
from collections.abc import Sequence

from async_lint.model import Diagnostic, Fix, Position, Sources
from async_lint.pages import address


def render(diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool) -> str:
    return json.dumps([_object(diagnostic) for diagnostic in diagnostics], indent=2) + "\n"


def _object(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        # The number of a notebook's cell; a parser may ask for the key though notebooks are not read.
        "cell": None,
        "code": diagnostic.code,
        "end_location": _location(diagnostic.span.end),
        "filename": diagnostic.path,
        "fix": _fix(diagnostic.fix) if diagnostic.fix else None,
        "location": _location(diagnostic.span.start),
        "message": diagnostic.message,
        "name": diagnostic.name,
        "noqa_row": diagnostic.noqa_line,
        "severity": diagnostic.severity.value,
        "url": address(diagnostic.name),
    }


def _fix(fix: Fix) -> dict[str, object]:
    return {
        "applicability": fix.applicability.value,
        "edits": [
            {
                "content": edit.content,
                "end_location": _location(edit.span.end),
                "location": _location(edit.span.start),
            }
            for edit in fix.edits
        ],
        "message": fix.title,
    }


def _location(position: Position) -> dict[str, int]:
    return {"row": position.line, "column": position.column + 1}
