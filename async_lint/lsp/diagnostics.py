"""Findings as the protocol has them."""

from lsprotocol import types

from async_lint.lsp.edits import edits_of
from async_lint.lsp.positions import Places
from async_lint.model import Applicability, Diagnostic, Fix, Severity
from async_lint.pages import address

SOURCE = "async-lint"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
}


def to_editor(diagnostic: Diagnostic, places: Places) -> types.Diagnostic:
    """Return a finding with its fix in `data`."""
    fix = diagnostic.fix
    uri = address(diagnostic.name)
    return types.Diagnostic(
        range=places.range(diagnostic.span),
        message=diagnostic.message + _remedy(fix),
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.code,
        code_description=types.CodeDescription(uri) if uri else None,
        source=SOURCE,
        data={"name": diagnostic.name, "fix": _data(fix, places) if fix else None},
    )


def _remedy(fix: Fix | None) -> str:
    # Nobody can apply it: no code action says what is to be done.
    is_by_hand = fix is not None and fix.applicability is Applicability.DISPLAY
    return f"\n{fix.title} (by hand)" if fix is not None and is_by_hand else ""


def _data(fix: Fix, places: Places) -> dict[str, object]:
    edits = [
        {
            "range": {"start": _position(edit.range.start), "end": _position(edit.range.end)},
            "newText": edit.new_text,
        }
        for edit in edits_of(fix, places)
    ]
    return {"title": fix.title, "applicability": fix.applicability.value, "edits": edits}


def _position(position: types.Position) -> dict[str, int]:
    return {"line": position.line, "character": position.character}
