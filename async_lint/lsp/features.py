"""The protocol: what an editor tells and asks, handed to the session."""

from lsprotocol import types

from async_lint.lsp.code_actions import FIX_ALL, QUICK_FIX, fix_all, is_asked_for, quick_fixes, workspace_edit
from async_lint.lsp.diagnostics import SOURCE
from async_lint.lsp.edits import text_edits
from async_lint.lsp.open_file import OpenFile
from async_lint.lsp.server import Server

# What decides what is found, beside the open files themselves.
_WATCHED = ("**/*.py", "**/*.pyi", "**/pyproject.toml", "**/async-lint.toml", "**/.gitignore")
# Seconds: a checkout of another branch changes many files at once.
_SOON = 0.2


def serving() -> Server:
    """Return a server that answers."""
    server = Server()
    _documents(server)
    _workspace(server)
    _diagnostics(server)
    _actions(server)
    _hover(server)
    return server


def _documents(server: Server) -> None:
    session = server.session

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        session.open(document.uri, document.version, document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        session.change(document.uri, document.version, server.workspace.get_text_document(document.uri).source)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        if session.close(uri) and not server.pulls:
            server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def _workspace(server: Server) -> None:
    session = server.session

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        server.set_roots()
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace is not None else None
        if watching is not None and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            wish = types.Registration("watched-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await server.client_register_capability_async(types.RegistrationParams([wish]))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        # Of an open file the text in the editor counts, whatever was saved.
        if not all(session.file(event.uri) for event in params.changes):
            session.check_anew(_SOON)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def settings_changed(params: types.DidChangeConfigurationParams) -> None:
        session.check_anew(_SOON)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.set_roots()
        session.check_anew(_SOON)

    @server.feature(types.SHUTDOWN)
    def ended(params: None) -> None:
        session.end()


def _diagnostics(server: Server) -> None:
    options = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier=SOURCE)

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def asked(params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        file = await server.session.checked(params.text_document.uri)
        return types.RelatedFullDocumentDiagnosticReport(server.diagnostics(file) if file is not None else [])


def _actions(server: Server) -> None:
    kinds: list[types.CodeActionKind | str] = [QUICK_FIX, FIX_ALL]
    options = types.CodeActionOptions(code_action_kinds=kinds, resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def asked(params: types.CodeActionParams) -> list[types.CodeAction]:
        file = await server.session.checked(params.text_document.uri)
        return [] if file is None else await _offered(server, file, params)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolved(action: types.CodeAction) -> types.CodeAction:
        uri = action.data.get("uri") if isinstance(action.data, dict) else None
        file = await server.session.checked(uri) if isinstance(uri, str) else None
        if file is not None:
            await _resolve(server, file, action)
        return action


async def _offered(server: Server, file: OpenFile, params: types.CodeActionParams) -> list[types.CodeAction]:
    only = params.context.only
    actions: list[types.CodeAction] = []
    if is_asked_for(QUICK_FIX.value, only):
        actions += quick_fixes(file, params.range, server.places(file.lines))
    every = fix_all(file) if is_asked_for(FIX_ALL, only) else None
    if every is not None:
        if not _resolves(server.client_capabilities):
            await _resolve(server, file, every)
        actions.append(every)
    return actions


async def _resolve(server: Server, file: OpenFile, action: types.CodeAction) -> None:
    lines = file.lines
    fixed = await server.session.fixed(file)
    action.edit = workspace_edit(file, text_edits(lines, fixed, server.places(lines)) if fixed is not None else [])


def _resolves(capabilities: types.ClientCapabilities) -> bool:
    """Whether an editor asks for the edits of an action when somebody chooses it."""
    text_document = capabilities.text_document
    actions = text_document.code_action if text_document is not None else None
    return actions is not None and actions.resolve_support is not None and "edit" in actions.resolve_support.properties


def _hover(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def asked(params: types.HoverParams) -> types.Hover | None:
        file = server.session.file(params.text_document.uri)
        if file is None:
            return None
        line, column = server.places(file.lines).from_editor(params.position)
        told = await server.session.explained(file, line, column)
        if not told:
            return None
        # Markdown would take the names of dunder methods for bold type.
        text = "\n".join(told)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, f"```text\n{text}\n```"))
