"""What is known of the projects, kept from one keystroke to the next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from async_lint.check import CheckError
from async_lint.config_error import ConfigError
from async_lint.file_run import Request, run_file
from async_lint.files.discovery import Found, discover
from async_lint.files.lines import split_lines
from async_lint.files.ports import Disk, Overlay
from async_lint.files.source import Source, UnreadableError, read_source
from async_lint.kept_back import apply_baselines
from async_lint.lsp.line_map import LineMap
from async_lint.lsp.stop import Stop, StoppableFiles
from async_lint.model import Diagnostic
from async_lint.project import Project
from async_lint.projects import Projects
from async_lint.report import Report


class _Kept(NamedTuple):
    """A file when it was last parsed: its text and lines, all that was found in it, and what of that was reported."""

    text: bytes
    lines: Sequence[str]
    found: Sequence[Diagnostic]
    reported: Sequence[Diagnostic] = ()


class Warm:
    """Projects as they are on the disk, with the `texts` of an editor in place of some files.

    What is learnt of a file is kept, so answers about it may be older than its text: whoever wants to be sure makes a
    new one. `roots` are the folders that the editor has open.
    """

    def __init__(self, roots: Collection[Path], texts: Mapping[Path, bytes], before: "Warm | None" = None) -> None:
        self._texts = dict(texts)
        self._disk = StoppableFiles(Disk())
        self._files = Overlay(self._disk, self._texts)
        self._projects = Projects(self._files, asked=roots)
        self._wanted: dict[Path, bool] = {}
        # What was found before is shown where a text cannot be parsed, and else not believed.
        self._kept: dict[Path, _Kept] = dict(before._kept) if before is not None else {}
        self._doubted = set(self._kept)

    def learn(self, path: Path, stop: Stop) -> Report:
        """Check a file for the first time. Once that was stopped, this is of no use any more."""
        with self._disk.begun(stop):
            return self.check(path, self._texts[path], stop)

    def check(self, path: Path, text: bytes, stop: Stop) -> Report:
        """Check a file. Of one that was checked before, only the functions and statements whose lines were changed.

        What was found before in a text that cannot be parsed now is reported without fixes. Raises Stopped.
        """
        report = self._check(path, text, stop)
        if path in self._doubted:
            # It cannot be parsed: what was found is to be found anew, in the last text that could be.
            self._check(path, self._kept[path].text, stop)
            self._doubted.discard(path)
            report = self._check(path, text, stop)
        return report

    def _check(self, path: Path, text: bytes, stop: Stop) -> Report:
        self._texts[path] = text
        if not self._is_wanted(path):
            return Report()
        looked_at: list[_Kept] = []

        def look(project: Project, source: Source, path: Path) -> list[Diagnostic]:
            looked_at.append(self._look(project, source, path, stop))
            return list(looked_at[-1].found)

        report = run_file(Request([str(path)]), self._projects, self._files, Found(str(path), path), look)
        self._keep_back(report, path)
        if looked_at:
            self._kept[path] = looked_at[-1]._replace(reported=tuple(report.diagnostics))
            self._doubted.discard(path)
        elif path in self._kept and not report.errors:
            kept = self._kept[path]
            moved = map(LineMap(kept.lines, split_lines(text.decode("utf-8", "replace"))).moved, kept.reported)
            report.diagnostics += [replace(each, fix=None) for each in moved if each is not None]
        return report

    def fixed(self, path: Path, text: bytes) -> str | None:
        """Return the text after the safe fixes; None where they change nothing."""
        self._texts[path] = text
        if not self._is_wanted(path):
            return None
        report = run_file(Request([str(path)], fix=True), self._projects, self._files, Found(str(path), path))
        return read_source(str(path), report.changes[0].after).text if report.changes else None

    def explain(self, path: Path, text: bytes, line: int, column: int) -> list[str]:
        """Return lines of text about the call whose callee stands at a place; none where none does."""
        self._texts[path] = text
        try:
            source = read_source(str(path), text)
            return self._projects.of(path).explain_calls(source, path, line, column)
        except (UnreadableError, ConfigError):
            return []

    def _look(self, project: Project, source: Source, path: Path, stop: Stop) -> _Kept:
        kept = self._kept[path] if path in self._kept and path not in self._doubted else _Kept(b"", (), ())
        lines = LineMap(kept.lines, source.lines)
        checked: list[range] = []

        def wanted(first: int, last: int) -> bool:
            stop.heed()
            if kept.lines and lines.is_same(first, last):
                return False
            checked.append(range(first, last + 1))
            return True

        def as_they_were() -> list[Diagnostic]:
            moved = filter(None, map(lines.moved, kept.found))
            return [each for each in moved if not any(each.span.start.line in part for part in checked)]

        try:
            found = project.check(source, path, wanted)
        except CheckError as error:
            error.diagnostics += as_they_were()
            raise
        found += as_they_were()
        return _Kept(source.data, source.lines, found)

    def _is_wanted(self, path: Path) -> bool:
        """Whether the settings of its project leave a file in, and no .gitignore leaves it out."""
        if path not in self._wanted:
            walk = discover([str(path)], self._files, self._projects.excludes, force_exclude=True)
            self._wanted[path] = any(isinstance(found, Found) for found in walk)
        return self._wanted[path]

    def _keep_back(self, report: Report, path: Path) -> None:
        try:
            apply_baselines(report, self._projects, [path], self._files)
        except ConfigError as error:
            report.errors.append(str(error))
