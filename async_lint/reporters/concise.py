"""One line a finding, as editors and `grep` like it."""

from collections.abc import Sequence

from async_lint.model import Diagnostic, Sources
from async_lint.reporters.text import escape, paint, paint_code, place


def render(diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool) -> str:
    return "".join(_line(diagnostic, colour) for diagnostic in diagnostics)


def _line(diagnostic: Diagnostic, colour: bool) -> str:
    code = paint_code(diagnostic, colour)
    return f"{paint(place(diagnostic), '1', colour)}: {code} {escape(diagnostic.message)}\n"
