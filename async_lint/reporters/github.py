"""Workflow commands, which GitHub Actions shows as annotations of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Sequence

from async_lint.model import Diagnostic, Severity, Sources
from async_lint.reporters.text import escape, file_line, with_cell

_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool) -> str:
    return "".join(_command(diagnostic) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = {"file": diagnostic.path, "line": str(file_line(diagnostic))}
    # Columns of a cell are none of its notebook's JSON.
    if diagnostic.cell is None:
        start, end = diagnostic.span
        properties |= {"col": str(start.column + 1), "endLine": str(end.line), "endColumn": str(end.column + 1)}
    properties["title"] = f"{diagnostic.code} {diagnostic.name}"
    joined = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_KINDS[diagnostic.severity]} {joined}::{_data(with_cell(diagnostic))}\n"


def _data(text: str) -> str:
    # The percent sign first, or the escapes themselves would be escaped.
    kept = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return escape(kept)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
