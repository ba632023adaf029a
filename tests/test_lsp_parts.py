"""The parts of the language server: what is known of a text after it was edited, and where things stand in it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import CodeDescription, PositionEncodingKind
from lsprotocol.types import Position as LspPosition

from async_lint.baseline import document
from async_lint.engine import run
from async_lint.file_run import Request
from async_lint.files.lines import split_lines
from async_lint.files.ports import Disk
from async_lint.files.source import Source
from async_lint.lsp.checker import Checker
from async_lint.lsp.diagnostics import to_editor
from async_lint.lsp.edits import text_edits
from async_lint.lsp.line_map import LineMap
from async_lint.lsp.open_file import OpenFile
from async_lint.lsp.positions import Places
from async_lint.lsp.stop import Stop, Stopped
from async_lint.lsp.warm import Warm
from async_lint.model import Applicability, Diagnostic, Edit, Fix, Position, Span
from async_lint.projects import Projects
from async_lint.report import Report
from async_lint.trees.tree import Slice, parse_slice

SHORT = st.lists(st.sampled_from(["a\n", "b\n", "\n", "c\r\n"]), max_size=8)
APP = """\
import asyncio

import store


async def first() -> None:
    store.save()


class Job:
    async def run(self) -> None:
        asyncio.create_task(store.save())

    async def twice(self) -> None:
        self.run()


async def last() -> None:
    store.save()
"""


def at(line: int, column: int = 0) -> Span:
    return Span(Position(line, column), Position(line, column + 1))


def finding(line: int, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic("a.py", "ASL101", "floating-coroutine", "", at(line), line, fix)


@given(SHORT, SHORT)
def test_a_finding_moves_with_its_line(before: list[str], after: list[str]) -> None:
    lines = LineMap(before, after)
    for number, text in enumerate(before, 1):
        moved = lines.moved(finding(number))
        if moved is not None:
            assert after[moved.span.start.line - 1] == text
            assert moved.noqa_line == moved.span.start.line
            assert lines.is_same(moved.noqa_line, moved.noqa_line)
    same = sum(lines.is_same(number, number) for number in range(1, len(after) + 1))
    assert same == sum(lines.moved(finding(number)) is not None for number in range(1, len(before) + 1))


def test_a_fix_that_reaches_into_changed_lines_is_left_out() -> None:
    lines = LineMap(["a\n", "b\n", "c\n"], ["a\n", "x\n", "y\n", "c\n"])

    def fix(line: int) -> Fix:
        return Fix("", (Edit(at(line), "z"),), Applicability.SAFE)

    assert lines.moved(finding(3, fix(2))) == finding(4)
    assert lines.moved(finding(3, fix(1))) == finding(4, fix(1))
    assert lines.moved(finding(1, fix(3))) == finding(1, fix(4))
    assert lines.moved(finding(2)) is None


@given(st.text("aä\N{PARTY POPPER}"), st.sampled_from(PositionEncodingKind), st.data())
def test_places_are_converted_there_and_back(line: str, encoding: PositionEncodingKind, data: st.DataObject) -> None:
    column = data.draw(st.integers(0, len(line)))
    places = Places([line], encoding)
    there = places.to_editor(Position(1, column))
    assert places.from_editor(there) == Position(1, column)
    codec, size = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding.value]
    assert there == LspPosition(0, len(line[:column].encode(codec)) // size)


@given(SHORT, SHORT)
def test_edits_of_lines_make_the_other_text(before: list[str], after: list[str]) -> None:
    # The last line of a file need not end.
    texts = ["".join(before).rstrip("\n"), "".join(after)]
    lines = split_lines(texts[0])
    made, done = "", 0
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for edit in text_edits(lines, texts[1], Places(lines, "utf-16")):
        start, end = (starts[place.line] + place.character for place in (edit.range.start, edit.range.end))
        made += texts[0][done:start] + edit.new_text
        done = end
    assert made + texts[0][done:] == texts[1]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("ä\n", b"\xc3\xa4\n"),
        ("# coding: latin-1\nä\n", b"# coding: latin-1\n\xe4\n"),
        # What it cannot be encoded in, whoever reads it complains of.
        ("# coding: ascii\nä\n", b"# coding: ascii\n\xc3\xa4\n"),
        ("# coding: nonsense\n", b"# coding: nonsense\n"),
        ("\ud800\n", b"?\n"),
    ],
)
def test_a_text_has_the_bytes_that_the_editor_would_write(text: str, data: bytes) -> None:
    assert OpenFile("", Path(), 1, text).data == data


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.async-lint]\n")
    (tmp_path / "store.py").write_text("async def save() -> None: ...\n")
    (tmp_path / "app.py").write_text(APP)
    return tmp_path / "app.py"


def found(report: Report) -> list[str]:
    return [f"{each.span.start.line} {each.code} {each.fix}" for each in report.diagnostics]


def run_anew(path: Path, text: str) -> list[str]:
    path.write_text(text)
    return found(run(Request([str(path)]), Projects(Disk()), Disk()))


EDITS = {
    "a line in a function": ("        self.run()", "        self.run()\n        store.save()"),
    "a finding is mended": ("async def first() -> None:\n    store", "async def first() -> None:\n    await store"),
    "a function before all others": (
        "async def first",
        "async def new() -> None:\n    store.save()\n\n\nasync def first",
    ),
    "a function goes": ("\n\nasync def last() -> None:\n    store.save()\n", ""),
    "a comment": ("    store.save()\n\n\nclass", "    store.save()  # noqa: ASL101\n\n\nclass"),
    "nothing but lines": ("\n\nclass", "\n\n\n\n\nclass"),
    "a string over several lines": ("class Job:\n", 'class Job:\n    """\n    Works.\n    """\n\n'),
    "a header": ("async def twice(self)", "async def twice(self, often: int = 2)"),
    "all of it": (APP, "import store\n\n\nasync def main() -> None:\n    store.save()\n"),
}


@pytest.mark.parametrize(("old", "new"), EDITS.values(), ids=EDITS)
def test_after_an_edit_the_findings_are_those_of_a_run(app: Path, old: str, new: str) -> None:
    edited = APP.replace(old, new)
    assert edited != APP
    warm = Warm([app.parent], {app: APP.encode()})
    assert found(warm.learn(app, Stop())) == run_anew(app, APP)
    assert found(warm.check(app, edited.encode(), Stop())) == run_anew(app, edited)
    assert found(warm.check(app, APP.encode(), Stop())) == run_anew(app, APP)


def test_only_what_was_edited_is_checked(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warm = Warm([app.parent], {app: APP.encode()})
    warm.learn(app, Stop())
    parsed: list[tuple[int, int]] = []

    def noted(source: Source, first: int, last: int, column: int) -> Slice:
        parsed.append((first, last))
        return parse_slice(source, first, last, column)

    monkeypatch.setattr("async_lint.check.parse_slice", noted)
    edited = APP.replace("        self.run()", "        self.run()\n        store.save()")
    assert len(warm.check(app, edited.encode(), Stop()).diagnostics) == 5
    assert parsed == [(14, 16)]


def test_what_an_edit_means_elsewhere_is_found_anew(app: Path) -> None:
    checker, reports = Checker(), []
    edited = APP.replace(
        "    async def run(self) -> None:\n        asyncio", "    def run(self) -> None:\n        asyncio"
    )
    checker.check(app, {app: APP.encode()}, Stop())
    at_once = checker.check(app, {app: edited.encode()}, Stop())
    checker.check_anew([app], {app: edited.encode()}, Stop(), lambda _, report: reports.append(report))
    assert [found(report) for report in reports] == [run_anew(app, edited)]
    # The call in `twice`, which nobody touched, was of a coroutine function before.
    assert at_once is not None
    assert len(at_once.diagnostics) == len(reports[0].diagnostics) + 1


def test_a_pause_in_a_text_that_cannot_be_parsed_forgets_nothing(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checker, reports = Checker(), []
    checker.check(app, {app: APP.encode()}, Stop())
    broken = "x = (\n" + APP
    (app.parent / "store.py").write_text("def save() -> None: ...\n")
    checker.check_anew([app], {app: broken.encode()}, Stop(), lambda _, report: reports.append(report))
    # What is on the disk is heeded, in the last text that could be parsed.
    assert [found(report) for report in reports] == [["1 ASL900 None", "16 ASL101 None"]]
    monkeypatch.setattr("async_lint.check.parse_slice", lambda *lines: pytest.fail("what nobody changed is parsed"))
    mended = checker.check(app, {app: b"x = ()\n" + APP.encode()}, Stop())
    assert mended is not None
    assert [line.split()[:2] for line in found(mended)] == [["16", "ASL101"]]


def test_work_that_was_stopped_gives_nothing(app: Path) -> None:
    stop, checker = Stop(), Checker()
    stop.ask()
    with pytest.raises(Stopped):
        Warm([app.parent], {app: APP.encode()}).learn(app, stop)
    assert checker.check(app, {app: APP.encode()}, stop) is None
    checker.check_anew([app], {app: APP.encode()}, stop, lambda path, report: pytest.fail("it went on"))
    report = checker.check(app, {app: APP.encode()}, Stop())
    assert report is not None
    assert found(report) == run_anew(app, APP)


def test_a_baseline_holds_in_an_editor_too(app: Path) -> None:
    report = run(Request([str(app)]), Projects(Disk()), Disk())
    accepted = document(report.diagnostics, report.sources, app.parent)
    (app.parent / "baseline.json").write_text(accepted)
    (app.parent / "pyproject.toml").write_text('[tool.async-lint]\nbaseline = "baseline.json"\n')
    warm = Warm([app.parent], {app: APP.encode()})
    assert found(warm.learn(app, Stop())) == []
    edited = APP.replace("        self.run()", "        self.run()\n        store.save()")
    assert [line.split()[:2] for line in found(warm.check(app, edited.encode(), Stop()))] == [["16", "ASL101"]]


def test_a_finding_leads_to_the_page_of_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    places = Places(["a\n"], "utf-16")
    assert to_editor(finding(1), places).code_description is None
    monkeypatch.setattr("async_lint.lsp.diagnostics.address", lambda name: f"https://example.org/{name}")
    assert to_editor(finding(1), places).code_description == CodeDescription("https://example.org/floating-coroutine")


def test_what_only_a_person_can_do_is_said_in_the_message() -> None:
    by_hand = Fix("Set a deadline", (), Applicability.DISPLAY)
    places = Places(["a\n"], "utf-16")
    assert to_editor(finding(1, by_hand), places).message.endswith("\nSet a deadline (by hand)")
    assert to_editor(finding(1, replace(by_hand, applicability=Applicability.UNSAFE)), places).message == ""
