"""What an editor offers to do about a finding, and about a file."""

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types

from async_lint.add_noqa import suppressed
from async_lint.files.source import Source, UnreadableError, read_source
from async_lint.lsp.diagnostics import to_editor
from async_lint.lsp.edits import edits_of, text_edits
from async_lint.lsp.open_file import OpenFile
from async_lint.lsp.positions import Places
from async_lint.model import Applicability, Diagnostic

QUICK_FIX = types.CodeActionKind.QuickFix
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.async-lint"


def quick_fixes(file: OpenFile, span: types.Range, places: Places) -> Iterator[types.CodeAction]:
    """Yield, for each finding in a range, its fix and the comment that suppresses it."""
    found = list(_within(file, span, places))
    source, lines = _source(file) if found else None, file.lines
    for diagnostic in found:
        shown = [to_editor(diagnostic, places)]
        fix = diagnostic.fix
        if fix is not None and fix.applicability is not Applicability.DISPLAY:
            is_safe = fix.applicability is Applicability.SAFE
            title = f"{fix.title} ({diagnostic.code}{'' if is_safe else ', unsafe'})"
            edit = workspace_edit(file, edits_of(fix, places))
            yield types.CodeAction(title, QUICK_FIX, shown, is_preferred=is_safe, edit=edit)
        after = _suppressed(source, diagnostic) if source is not None else None
        edits = text_edits(lines, after.text, places) if after is not None else []
        if edits:
            title = f"Suppress {diagnostic.code} on this line with a comment"
            yield types.CodeAction(title, QUICK_FIX, shown, edit=workspace_edit(file, edits))


def fix_all(file: OpenFile) -> types.CodeAction | None:
    """Return the action that applies all safe fixes, its edits still to be worked out; None where there are none."""
    diagnostics = file.checked.diagnostics if file.checked else ()
    if not any(each.fix is not None and each.fix.applicability is Applicability.SAFE for each in diagnostics):
        return None
    title = "Fix everything that async-lint can fix safely"
    return types.CodeAction(title, FIX_ALL, data={"uri": file.uri})


def workspace_edit(file: OpenFile, edits: Sequence[types.TextEdit]) -> types.WorkspaceEdit:
    identifier = types.OptionalVersionedTextDocumentIdentifier(file.uri, file.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])


def is_asked_for(kind: str, only: Iterable[str] | None) -> bool:
    """Whether an editor that wants `only` some kinds of actions wants this one."""
    return only is None or any(f"{kind}.".startswith(f"{wanted}.") for wanted in only)


def _within(file: OpenFile, span: types.Range, places: Places) -> Iterator[Diagnostic]:
    for diagnostic in file.checked.diagnostics if file.checked else ():
        shown = places.range(diagnostic.span)
        if shown.start <= span.end and span.start <= shown.end:
            yield diagnostic


def _source(file: OpenFile) -> Source | None:
    try:
        return read_source(str(file.path), file.data)
    except (UnreadableError, UnicodeError):
        return None


def _suppressed(source: Source, diagnostic: Diagnostic) -> Source | None:
    # What is about the file, or about a comment, is not suppressed by another one.
    if diagnostic.code.startswith("ASL9"):
        return None
    try:
        return suppressed(source, [diagnostic])
    except (UnreadableError, UnicodeError):
        return None
