"""Runs over several files and projects, in one process."""

from pathlib import Path

import pytest

from async_lint.config import Overrides
from async_lint.engine import run
from async_lint.file_run import Request
from async_lint.files.ports import Disk, Overlay
from async_lint.files.source import Source
from async_lint.files.write import write
from async_lint.model import Diagnostic, Severity
from async_lint.project import Project
from async_lint.projects import Projects
from async_lint.report import Report

# ASL401, with a safe fix.
CAUSELESS = "try:\n    import_it()\nexcept ImportError as error:\n    raise RuntimeError\n"
CAUSED = CAUSELESS.replace("raise RuntimeError", "raise RuntimeError from error")
# ASL402, with a safe fix.
VERBOSE = "try:\n    import_it()\nexcept ImportError as error:\n    raise error\nexcept Exception:\n    json = None\n"


@pytest.fixture(autouse=True)
def _root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(**texts: str) -> None:
    """Write files; `__` in a name stands for a slash, `.py` is added."""
    for name, text in texts.items():
        path = Path(name.replace("__", "/"))
        path = path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def settings(text: str, folder: str = ".") -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, "async-lint.toml").write_text(text)


def lint(*paths: str, fix: bool = False, write: bool = True, overrides: Overrides | None = None) -> Report:
    disk = Disk()
    return run(Request(paths or ["."], fix=fix, write=write), Projects(disk, overrides), disk)


def found(report: Report) -> list[str]:
    return [f"{each.path}:{each.span.start.line} {each.code}" for each in report.diagnostics]


def test_files_in_the_order_of_the_walk() -> None:
    make(b=CAUSELESS, a=CAUSELESS + VERBOSE, c__d=VERBOSE)
    report = lint()
    assert found(report) == ["a.py:4 ASL401", "a.py:8 ASL402", "b.py:4 ASL401", "c/d.py:4 ASL402"]
    assert (report.files, report.errors) == (3, [])


def test_the_lines_of_files_with_findings_are_kept() -> None:
    make(a=CAUSELESS, b=CAUSED)
    assert lint().sources == {"a.py": CAUSELESS.splitlines(keepends=True)}


def test_every_root_is_a_project_of_its_own() -> None:
    make(one__a=CAUSELESS + VERBOSE, two__b=CAUSELESS + VERBOSE)
    settings('select = ["ASL401"]', "one")
    settings('ignore = ["ASL401"]', "two")
    assert found(lint()) == ["one/a.py:4 ASL401", "two/b.py:8 ASL402"]


def test_a_project_with_wrong_settings_does_not_keep_the_others_from_being_checked() -> None:
    make(one__a=CAUSELESS, one__b=CAUSELESS, two__c=CAUSELESS)
    settings("selct = []", "one")
    report = lint()
    assert found(report) == ["two/c.py:4 ASL401"]
    assert report.errors == [f"{Path.cwd()}/one/async-lint.toml: unknown key `selct`; did you mean `select`?"]


def test_excludes_are_those_of_the_project_walked_into() -> None:
    make(one__gen__a=CAUSELESS, two__gen__b=CAUSELESS)
    settings("", "one")
    settings('extend-exclude = ["gen"]', "two")
    assert found(lint()) == ["one/gen/a.py:4 ASL401"]


def test_per_file_ignores() -> None:
    make(tests__a=CAUSELESS + VERBOSE, b=CAUSELESS)
    settings('[per-file-ignores]\n"tests/*" = ["raise-without-cause"]')
    report = lint()
    assert found(report) == ["b.py:4 ASL401", "tests/a.py:8 ASL402"]
    assert [(each.diagnostic.path, each.reason) for each in report.suppressed] == [("tests/a.py", "per-file-ignores")]


def test_noqa() -> None:
    silent = CAUSELESS.replace("RuntimeError\n", "RuntimeError  # noqa: ASL401\n")
    make(a=silent + VERBOSE, b="# flake8: noqa\n" + CAUSELESS)
    report = lint()
    assert found(report) == ["a.py:8 ASL402"]
    assert [each.reason for each in report.suppressed] == ["noqa on line 4", "flake8: noqa"]


def test_what_is_suppressed_is_not_fixed() -> None:
    make(a=CAUSELESS.replace("RuntimeError\n", "RuntimeError  # noqa\n"))
    assert lint(fix=True).changes == []


def test_fix_writes_the_file_and_reports_what_is_left() -> None:
    make(a=CAUSELESS, b="x = (\n")
    report = lint(fix=True)
    assert Path("a.py").read_text() == CAUSED
    assert [each.code for each in report.applied] == ["ASL401"]
    assert report.changes == [("a.py", CAUSELESS.encode(), CAUSED.encode())]
    assert found(report) == ["b.py:1 ASL900"]


def test_fix_without_write_leaves_the_file_alone() -> None:
    make(a=CAUSELESS)
    assert lint(fix=True, write=False).changes == [("a.py", CAUSELESS.encode(), CAUSED.encode())]
    assert Path("a.py").read_text() == CAUSELESS


def test_a_file_that_changed_since_it_was_read_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    make(a=CAUSELESS, b=CAUSELESS)

    def edited_meanwhile(path: Path, before: bytes, after: bytes) -> None:
        if path.name == "a.py":
            path.write_text("mine = 1\n")
        write(path, before, after)

    monkeypatch.setattr("async_lint.file_run.write", edited_meanwhile)
    report = lint(fix=True)
    assert Path("a.py").read_text() == "mine = 1\n"
    assert Path("b.py").read_text() == CAUSED
    assert len(report.errors) == 1
    assert report.errors[0].startswith("a.py: not written: ")
    assert found(report) == ["a.py:4 ASL401"]


def test_a_crash_in_one_file_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    make(a=CAUSELESS, b=CAUSELESS)
    check = Project.check

    def crash(self: Project, source: Source, path: Path) -> list[Diagnostic]:
        if path.name == "a.py":
            raise KeyError("lost")
        return check(self, source, path)

    monkeypatch.setattr(Project, "check", crash)
    report = lint()
    assert found(report) == ["b.py:4 ASL401"]
    assert report.errors[0].startswith("a.py: internal error; please report it\nTraceback")
    assert report.errors[0].endswith("KeyError: 'lost'")


def test_unreadable_files_are_errors_whatever_is_selected() -> None:
    make(a="x = (\n", b=CAUSELESS)
    report = lint(overrides=Overrides(select=("ASL402",)))
    assert found(report) == ["a.py:1 ASL900"]
    assert report.diagnostics[0].severity is Severity.ERROR
    assert report.sources == {"a.py": ["x = (\n"]}


def test_unreadable_files_can_be_ignored() -> None:
    make(a="x = (\n", b="x = (\n")
    settings('[per-file-ignores]\n"a.py" = ["ASL900"]')
    assert found(lint()) == ["b.py:1 ASL900"]
    assert found(lint(overrides=Overrides(ignore=("ASL9",)))) == []


def test_a_text_in_memory_stands_for_the_file() -> None:
    make(a=CAUSED)
    files = Overlay(Disk(), {Path.cwd() / "a.py": CAUSELESS.encode()})
    assert found(run(Request(["a.py"]), Projects(files), files)) == ["a.py:4 ASL401"]


def test_inference_sees_the_rest_of_the_project() -> None:
    make(
        src__app__client="async def send() -> None: ...\n",
        src__app__main="from app.client import send\n\n\ndef main() -> None:\n    send()\n",
        setup="",
    )
    assert found(lint("src/app/main.py")) == ["src/app/main.py:5 ASL101"]


def test_a_second_fix_changes_nothing() -> None:
    make(a=CAUSELESS + VERBOSE)
    assert len(lint(fix=True).applied) == 2
    again = lint(fix=True)
    assert (again.applied, again.changes, again.diagnostics) == ([], [], [])


def test_what_is_left_after_fixes_is_told_of_the_files_as_they_are_now(monkeypatch: pytest.MonkeyPatch) -> None:
    make(a="async def save() -> None: ...\n\nsave()\n", b=CAUSELESS, c=CAUSED)
    check = Project.check
    learnt: dict[str, list[object]] = {}

    def watched(self: Project, source: Source, path: Path) -> list[Diagnostic]:
        learnt.setdefault(path.name, []).append(self.inference)
        is_mended = path.name == "a.py" and Path("b.py").read_text() == CAUSED
        return [] if is_mended else check(self, source, path)

    monkeypatch.setattr(Project, "check", watched)
    assert found(lint()) == ["a.py:3 ASL101", "b.py:4 ASL401"]
    learnt.clear()
    report = lint(fix=True)
    assert (found(report), len(report.applied), report.files) == ([], 1, 3)
    assert learnt["a.py"][-1] is learnt["b.py"][-1] is not learnt["a.py"][0]
    assert len(learnt["c.py"]) == 1


STUB = "async def save() -> None: ...\n\nsave()\n"


def test_nothing_is_found_in_a_stub_for_nothing_in_it_runs() -> None:
    make(a=STUB)
    Path("b.pyi").write_text(STUB + CAUSELESS)
    assert found(lint()) == ["a.py:3 ASL101"]
    report = lint("b.pyi", fix=True)
    assert (found(report), report.files, report.changes, report.errors) == ([], 1, [], [])


def test_a_stub_that_cannot_be_parsed_is_one_finding() -> None:
    Path("a.pyi").write_text("def save( -> None: ...\n")
    assert found(lint("a.pyi")) == found(lint()) == ["a.pyi:1 ASL900"]
