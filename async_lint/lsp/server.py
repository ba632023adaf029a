"""The server as an editor sees it: which places it understands, what it is shown and told."""

from collections.abc import Sequence

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from async_lint import __version__
from async_lint.lsp.diagnostics import to_editor
from async_lint.lsp.open_file import OpenFile
from async_lint.lsp.positions import Places
from async_lint.lsp.session import Session


class Server(LanguageServer):
    """A language server with one session."""

    def __init__(self) -> None:
        # Whole texts: an editor's lines may end where Python's do not, and edits of such lines would go astray.
        super().__init__("async-lint-lsp", __version__, types.TextDocumentSyncKind.Full)
        self.session = Session(self._show, self._tell)
        self._told: set[str] = set()

    def places(self, lines: Sequence[str]) -> Places:
        return Places(lines, self.workspace.position_encoding or types.PositionEncodingKind.Utf16)

    @property
    def pulls(self) -> bool:
        """Whether the editor asks for diagnostics: then it is not sent any, for it would show them twice."""
        text_document = self.client_capabilities.text_document
        return text_document is not None and text_document.diagnostic is not None

    def diagnostics(self, file: OpenFile) -> list[types.Diagnostic]:
        if file.checked is None:
            return []
        places = self.places(file.checked.lines)
        return [to_editor(each, places) for each in file.checked.diagnostics]

    def set_roots(self) -> None:
        folders = list(self.workspace.folders)
        self.session.set_roots(folders or [uri for uri in [self.workspace.root_uri] if uri])

    def _show(self, file: OpenFile, again: bool) -> None:
        if not self.pulls:
            found = types.PublishDiagnosticsParams(file.uri, self.diagnostics(file), file.version)
            self.text_document_publish_diagnostics(found)
        elif again and self._may_refresh():
            self.workspace_diagnostic_refresh(None)

    def _may_refresh(self) -> bool:
        workspace = self.client_capabilities.workspace
        diagnostics = workspace.diagnostics if workspace is not None else None
        return diagnostics is not None and bool(diagnostics.refresh_support)

    def _tell(self, error: str) -> None:
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, error))
        # A fault is found again at every key.
        if error not in self._told:
            self._told.add(error)
            said = f"async-lint: {error.splitlines()[0]}"
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, said))
