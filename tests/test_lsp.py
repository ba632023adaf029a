"""The language server as an editor sees it: it speaks the protocol, and has files that are saved and that are not."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lsp_client import SECONDS, SERVER, Editor, Message

SETTINGS = "[tool.async-lint]\n"
STORE = "async def save() -> None: ...\n"
LOST = "import store\n\n\nasync def main() -> None:\n    store.save()\n"
AWAITED = LOST.replace("store.save()", "await store.save()")


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folders that an editor has open: each has a `store.py`, and only in the first `save` is asynchronous."""
    folders = [tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")]
    for folder in folders:
        (folder / "pyproject.toml").write_text(SETTINGS)
        (folder / "store.py").write_text(STORE)
    (folders[1] / "store.py").write_text("def save() -> None: ...\n")
    return folders


@pytest.fixture(scope="module")
def editor(roots: list[Path]) -> Iterator[Editor]:
    editor = Editor(roots, workspace={"didChangeWatchedFiles": {"dynamicRegistration": True}})
    yield editor
    assert editor.end() == 0


def codes(diagnostics: list[Message]) -> list[str]:
    return [each["code"] for each in diagnostics]


def positions(line: int, start: int, end: int) -> Message:
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}


def actions(editor: Editor, uri: str, line: int, *only: str) -> list[Message]:
    context: Message = {"diagnostics": [], **({"only": list(only)} if only else {})}
    asked = {"textDocument": {"uri": uri}, "range": positions(line, 0, 200), "context": context}
    offered: list[Message] = editor.ask("textDocument/codeAction", asked)
    return offered


def edited(text: str, action: Message) -> str:
    """Return a text of ASCII after the edits of an action."""
    lines = text.splitlines(keepends=True)
    (change,) = action["edit"]["documentChanges"]
    for edit in sorted(change["edits"], key=lambda edit: edit["range"]["start"]["line"], reverse=True):
        start, end = edit["range"]["start"], edit["range"]["end"]
        before = "".join(lines[: start["line"]]) + "".join(lines[start["line"] :])[: start["character"]]
        after = "".join(lines[end["line"] :])[end["character"] :]
        lines = (before + edit["newText"] + after).splitlines(keepends=True)
    return "".join(lines)


def test_what_is_not_saved_is_checked_beside_what_is(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[0] / "unsaved.py", LOST)
    (found,) = editor.published(uri)
    assert found["code"] == "ASL101"
    assert found["severity"] == 2
    assert found["source"] == "async-lint"
    assert found["range"] == positions(4, 4, 16)
    assert "`save` is a coroutine function (store.py:1)" in found["message"]
    assert found["data"]["fix"]["edits"] == [{"range": positions(4, 4, 4), "newText": "await "}]
    editor.change(uri, AWAITED)
    assert editor.published(uri) == []


def test_the_text_in_another_buffer_counts(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[0] / "reader.py", LOST)
    assert codes(editor.published(uri)) == ["ASL101"]
    store = editor.open(roots[0] / "store.py", STORE.removeprefix("async "))
    editor.published(store)
    editor.change(store, "\n" + STORE.removeprefix("async "))
    # After a pause all open files are checked anew.
    assert editor.published(uri, lambda codes: not codes) == []
    editor.close(store)
    assert codes(editor.published(uri, bool)) == ["ASL101"]


def test_a_file_is_checked_by_its_own_root(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[1] / "reader.py", LOST)
    assert editor.published(uri) == []


def test_a_file_outside_the_roots_is_checked(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "store.py").write_text(STORE)
    uri = editor.open(tmp_path / "alone.py", LOST)
    assert codes(editor.published(uri)) == ["ASL101"]


def test_columns_are_those_of_utf_16(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[0] / "emoji.py", LOST.replace("    store", '    name = "\N{PARTY POPPER}ä"; store'))
    (found,) = editor.published(uri)
    # The emoji is one character, two units; the umlaut one of each.
    assert found["range"] == positions(4, 18, 30)
    at = {"textDocument": {"uri": uri}, "position": {"line": 4, "character": 24}}
    assert "`store.save()` returns a coroutine" in editor.ask("textDocument/hover", at)["contents"]["value"]


def test_comments_and_settings_keep_findings_back(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[0] / "quiet.py", LOST.replace("save()", "save()  # noqa: ASL101"))
    assert editor.published(uri) == []
    (roots[0] / "build").mkdir()
    excluded = editor.open(roots[0] / "build" / "made.py", LOST)
    assert editor.published(excluded) == []


def test_changed_settings_are_read_again(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[0] / "settled.py", LOST)
    assert codes(editor.published(uri)) == ["ASL101"]
    settings = roots[0] / "pyproject.toml"
    settings.write_text(SETTINGS + 'ignore = ["ASL101"]\n')
    editor.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": settings.as_uri(), "type": 2}]})
    assert editor.published(uri) == []
    settings.write_text(SETTINGS)
    editor.tell("workspace/didChangeConfiguration", {"settings": {}})
    assert codes(editor.published(uri)) == ["ASL101"]


def test_wrong_settings_are_told_once(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[1] / "wrong.py", LOST)
    editor.published(uri)
    settings = roots[1] / "pyproject.toml"
    settings.write_text(SETTINGS + "select = 1\n")
    before = len(editor.seen)
    editor.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": settings.as_uri(), "type": 2}]})
    told = editor.wait(lambda message: message.get("method") == "window/showMessage")
    assert "`select` must be an array of strings" in told["params"]["message"]
    editor.change(uri, LOST + "\n")
    assert editor.published(uri) == []
    assert sum(message.get("method") == "window/showMessage" for message in editor.seen[before:]) == 1
    settings.write_text(SETTINGS)


def test_a_text_that_cannot_be_parsed_keeps_what_was_found(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[0] / "broken.py", LOST)
    assert codes(editor.published(uri)) == ["ASL101"]
    editor.change(uri, "def half(\n\n" + LOST)
    broken, found = editor.published(uri)
    assert (broken["code"], broken["severity"]) == ("ASL900", 1)
    # It has moved, and its fix is not believed any more.
    assert found["range"] == positions(6, 4, 16)
    assert found["data"]["fix"] is None
    editor.change(uri, LOST)
    assert editor.published(uri)[0]["data"]["fix"] is not None


def test_quick_fixes_are_offered_for_each_finding(editor: Editor, roots: list[Path]) -> None:
    text = LOST + "    asyncio.create_task(store.save())\n"
    text = "import asyncio\n" + text
    uri = editor.open(roots[0] / "fixes.py", text)
    assert codes(editor.published(uri)) == ["ASL101", "ASL104"]
    fix, comment = actions(editor, uri, 5, "quickfix")
    assert (fix["title"], fix["kind"], fix["isPreferred"]) == ("Await the coroutine (ASL101)", "quickfix", True)
    assert edited(text, fix) == text.replace("    store.save()", "    await store.save()")
    assert edited(text, comment) == text.replace("    store.save()\n", "    store.save()  # noqa: ASL101\n")
    unsafe, _ = actions(editor, uri, 6, "quickfix")
    assert unsafe["title"].endswith("(ASL104, unsafe)")
    assert not unsafe["isPreferred"]
    assert actions(editor, uri, 0, "quickfix") == []


def test_fix_all_makes_the_safe_fixes(editor: Editor, roots: list[Path]) -> None:
    text = "import asyncio\n" + LOST + "    asyncio.create_task(store.save())\n    store.save()\n"
    uri = editor.open(roots[0] / "all.py", text)
    editor.published(uri)
    (every,) = actions(editor, uri, 0, "source.fixAll")
    assert every["kind"] == "source.fixAll.async-lint"
    assert edited(text, every) == text.replace("    store.save()", "    await store.save()")
    assert editor.ask("codeAction/resolve", every)["edit"] == every["edit"]
    editor.change(uri, edited(text, every))
    assert codes(editor.published(uri)) == ["ASL104"]
    assert actions(editor, uri, 0, "source.fixAll.async-lint") == []


def test_hover_says_what_a_call_returns_and_why(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[0] / "hover.py", LOST)
    at = {"textDocument": {"uri": uri}, "position": {"line": 4, "character": 12}}
    told = editor.ask("textDocument/hover", at)["contents"]["value"].splitlines()
    assert told[1] == "5:5: `store.save()` returns a coroutine: `save` is a coroutine function"
    assert told[2] == "    `store.save`: coroutine function `store.save`"
    assert editor.ask("textDocument/hover", {**at, "position": {"line": 3, "character": 12}}) is None
    # The text as it is now, though it was not checked yet.
    editor.change(uri, "\n" + LOST)
    told = editor.ask("textDocument/hover", {**at, "position": {"line": 5, "character": 12}})["contents"]["value"]
    assert "6:5: `store.save()`" in told


def test_of_several_changes_the_last_is_shown(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[0] / "typed.py", LOST)
    editor.published(uri)
    before = len(editor.seen)
    for length in range(1, 9):
        editor.change(uri, LOST + "    x" + "y" * length)
    assert codes(editor.published(uri)) == ["ASL101"]
    versions = [
        message["params"]["version"]
        for message in editor.seen[before:]
        if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri
    ]
    # Those in between are given up, or come in their order.
    assert versions == sorted(versions)
    assert versions[-1] == 9
    assert len(versions) < 8


def test_a_closed_file_has_no_diagnostics(editor: Editor, roots: list[Path]) -> None:
    uri = editor.open(roots[0] / "closed.py", LOST)
    editor.published(uri)
    editor.close(uri)
    emptied = editor.wait(lambda message: message.get("params", {}).get("uri") == uri)
    assert emptied["params"]["diagnostics"] == []
    assert actions(editor, uri, 4) == []


def test_a_buffer_without_a_file_is_left_alone(editor: Editor) -> None:
    document = {"uri": "untitled:Untitled-1", "languageId": "python", "version": 1, "text": LOST}
    editor.tell("textDocument/didOpen", {"textDocument": document})
    assert actions(editor, "untitled:Untitled-1", 4) == []


def test_changes_on_the_disk_are_asked_for(editor: Editor) -> None:
    wished = [message for message in editor.seen if message.get("method") == "client/registerCapability"]
    (registration,) = wished[0]["params"]["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"
    patterns = {watcher["globPattern"] for watcher in registration["registerOptions"]["watchers"]}
    assert {"**/*.py", "**/pyproject.toml", "**/async-lint.toml"} <= patterns


@pytest.fixture(scope="module")
def pulling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Editor, Path]]:
    """An editor that asks for diagnostics, counts characters, and resolves actions."""
    folder = tmp_path_factory.mktemp("pulled")
    (folder / "store.py").write_text(STORE)
    capabilities: dict[str, Any] = {
        "general": {"positionEncodings": ["utf-32", "utf-16"]},
        "textDocument": {"diagnostic": {}, "codeAction": {"resolveSupport": {"properties": ["edit"]}}},
        "workspace": {"diagnostics": {"refreshSupport": True}},
    }
    editor = Editor([folder], **capabilities)
    yield editor, folder
    assert editor.end() == 0


def test_who_asks_for_diagnostics_is_sent_none(pulling: tuple[Editor, Path]) -> None:
    editor, folder = pulling
    assert editor.server["capabilities"]["positionEncoding"] == "utf-32"
    uri = editor.open(folder / "asking.py", LOST.replace("    store", '    name = "\N{PARTY POPPER}"; store'))
    asked = {"textDocument": {"uri": uri}}
    report = editor.ask("textDocument/diagnostic", asked)
    assert report["kind"] == "full"
    assert [each["range"] for each in report["items"]] == [positions(4, 16, 28)]
    (every,) = actions(editor, uri, 0, "source.fixAll")
    assert "edit" not in every
    assert editor.ask("codeAction/resolve", every)["edit"]["documentChanges"]
    (folder / "store.py").write_text("def save() -> None: ...\n")
    changes = [{"uri": (folder / "store.py").as_uri(), "type": 2}]
    editor.tell("workspace/didChangeWatchedFiles", {"changes": changes})
    editor.wait(lambda message: message.get("method") == "workspace/diagnostic/refresh")
    assert editor.ask("textDocument/diagnostic", asked)["items"] == []
    assert not any(message.get("method") == "textDocument/publishDiagnostics" for message in editor.seen)


def test_a_request_that_is_cancelled_is_answered_so(pulling: tuple[Editor, Path]) -> None:
    editor, folder = pulling
    text = "".join(f"async def f{number}(x):\n    x.a(f{number})\n" for number in range(500))
    asked = {"textDocument": {"uri": editor.open(folder / "long.py", text)}}
    number = editor.request("textDocument/diagnostic", asked)
    editor.tell("$/cancelRequest", {"id": number})
    with pytest.raises(RuntimeError, match="-32800"):
        editor.answer(number)
    assert editor.ask("textDocument/diagnostic", asked)["items"] == []


def test_a_folder_that_is_opened_later_is_a_root(tmp_path: Path) -> None:
    opened, later = tmp_path / "opened", tmp_path / "later"
    opened.mkdir()
    (later / "inner").mkdir(parents=True)
    (later / "store.py").write_text(STORE)
    editor = Editor([opened])
    # Nothing says how far its project reaches: `store` lies outside.
    uri = editor.open(later / "inner" / "a.py", LOST)
    assert editor.published(uri) == []
    folder = {"uri": later.as_uri(), "name": "later"}
    editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
    assert codes(editor.published(uri)) == ["ASL101"]
    editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
    assert editor.published(uri) == []
    assert editor.end() == 0


CRASHING = """
from async_lint.rules import floating_coroutine
def crash(node, context):
    raise KeyError("lost")
for node_type in floating_coroutine.RULE.visit:
    floating_coroutine.RULE.visit[node_type] = crash
from async_lint.lsp.script import main
main()
"""


def test_a_crash_in_a_rule_is_told_and_the_server_goes_on(tmp_path: Path) -> None:
    (tmp_path / "store.py").write_text(STORE)
    editor = Editor([tmp_path], [sys.executable, "-c", CRASHING])
    text = "import asyncio\n" + LOST + "    asyncio.create_task(store.save())\n"
    uri = editor.open(tmp_path / "crash.py", text)
    # What the other rules find is shown all the same.
    assert codes(editor.published(uri)) == ["ASL104"]
    logged = [message for message in editor.seen if message.get("method") == "window/logMessage"]
    assert "internal error in ASL101: KeyError: 'lost'" in logged[0]["params"]["message"]
    editor.change(uri, AWAITED)
    assert editor.published(uri) == []
    assert editor.end() == 0


# Each statement takes a tenth of a second: a check of a thousand would take longer than a test waits.
SLOW = """
import pathlib, time
from async_lint.rules import floating_coroutine
def slow(statement, facts):
    pathlib.Path("begun").touch()
    time.sleep(0.1)
for node_type in floating_coroutine.RULE.triggers:
    floating_coroutine.RULE.triggers[node_type] = slow
from async_lint.lsp.script import main
main()
"""


@pytest.mark.parametrize("how", ["said goodbye", "was killed"])
def test_work_in_progress_does_not_keep_the_server_alive(how: str, tmp_path: Path) -> None:
    editor = Editor([tmp_path], [sys.executable, "-c", SLOW])
    editor.open(tmp_path / "long.py", "".join(f"def f{number}(x):\n    x()\n" for number in range(1000)))
    deadline = time.monotonic() + SECONDS
    while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    if how == "was killed":
        editor.leave()
    else:
        assert editor.end() == 0


def test_without_its_packages_it_says_how_to_get_them() -> None:
    code = "import sys; sys.modules['pygls'] = None; from async_lint.lsp.script import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert 'pip install "async-lint[lsp]"' in done.stderr


def test_it_tells_its_version() -> None:
    done = subprocess.run([*SERVER, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("async-lint ")
