"""One file: read, checked, repaired and reported on, so that one that fails leaves the others alone."""

import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

from async_lint.cells import in_cells
from async_lint.check import CheckError
from async_lint.config_error import ConfigError
from async_lint.files.discovery import Found
from async_lint.files.notebook import Notebook
from async_lint.files.ports import Files
from async_lint.files.source import Source, UnreadableError, lines_of, read_source
from async_lint.files.suppression import Suppressions, words_for_codes
from async_lint.files.write import LeftAloneError, write
from async_lint.fix import fix
from async_lint.fix_safety import as_settled
from async_lint.model import Applicability, Diagnostic, Position
from async_lint.project import Project
from async_lint.projects import Projects
from async_lint.registry import by_code_or_name
from async_lint.report import Change, Report, Suppressed
from async_lint.rules.unreadable_file import RULE as UNREADABLE_FILE
from async_lint.rules.unreadable_file import unreadable


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is to do. `paths` are as the user gave them.

    `fix` works out the repaired bytes, with the `unsafe` fixes or without; `write` puts them on the disk too.
    """

    paths: Sequence[str]
    fix: bool = False
    unsafe: bool = False
    write: bool = False
    force_exclude: bool = False


# Who looks for the findings of a file in its text, in any order.
Look = Callable[[Project, Source, Path], list[Diagnostic]]


def _whole(project: Project, source: Source, path: Path) -> list[Diagnostic]:
    return project.check(source, path)


def run_file(request: Request, projects: Projects, files: Files, found: Found, look: Look = _whole) -> Report:
    """Check, and with `request.fix` repair, one file. Who keeps findings may `look` at less than the whole of it."""
    report = Report(files=1)
    try:
        _Run(request, projects.of(found.absolute), files, report, found, look).file()
    except ConfigError as error:
        report.errors.append(str(error))
    except Exception as error:
        report.errors.append(crash(f"{found.path}: internal error", error))
    return report


@dataclass(frozen=True, slots=True)
class _Run:
    """One file of a run."""

    request: Request
    project: Project
    files: Files
    report: Report
    found: Found
    look: Look

    def file(self) -> None:
        path, absolute = self.found
        try:
            data = self.files.read(absolute)
            source = read_source(path, data, self.project.parsed(absolute, data))
        except OSError as error:
            self._unreadable(f"file cannot be read: {error.strerror or error}", Position(1, 0))
        except UnreadableError as error:
            self._unreadable(error.message, error.position, error.notebook)
        else:
            self._check(source)

    def _check(self, source: Source) -> None:
        for line, word in words_for_codes(source):
            if rule := by_code_or_name(word):
                said = f"`noqa: {word}` suppresses all that is found on its line, for a name is no code"
                self.report.warnings.append(f"{source.label(line)}: {said}; write `noqa: {rule.code}`")
        try:
            unfiltered = self._found_in(source)
        except CheckError as error:
            # A file that was not wholly checked is not repaired either: nobody could say what a fix brings along.
            self.report.errors.append(crash(error.message, error.__cause__ or error))
            self._report(self._unsuppressed(source, error.diagnostics), source)
            return
        diagnostics = self._unsuppressed(source, unfiltered)
        if self.request.fix:
            self._fix(source, diagnostics)
        else:
            self._report(diagnostics, source)

    def _fix(self, source: Source, diagnostics: list[Diagnostic]) -> None:
        try:
            fixed = fix(source, diagnostics, self._recheck, self.request.unsafe)
            before, after = source.data, fixed.source.data
            if after != before and self.request.write:
                write(self.found.absolute, before, after)
        except (OSError, LeftAloneError) as error:
            self.report.errors.append(f"{self.found.path}: not written: {_reason(error)}")
            self._report(diagnostics, source)
        except Exception as error:
            self.report.errors.append(crash(f"{self.found.path}: internal error while fixing", error))
            self._report(diagnostics, source)
        else:
            if after != before:
                self.report.changes.append(Change(self.found.path, before, after))
            self.report.applied += fixed.applied
            self.report.uncovered += _uncovered(diagnostics, fixed.applied, self.request.unsafe)
            self._report(fixed.remaining, fixed.source)

    def _recheck(self, source: Source) -> list[Diagnostic]:
        reason = self._reasons(source)
        return [diagnostic for diagnostic in self._found_in(source) if not reason(diagnostic)]

    def _found_in(self, source: Source) -> list[Diagnostic]:
        found = self.look(self.project, source, self.found.absolute)
        unused = self.project.unused_noqa(source, self.found.absolute, found)
        found = sorted([*found, *unused], key=lambda diagnostic: (diagnostic.span, diagnostic.code))
        return as_settled(found, self.project.fix_safety) if self.project.fix_safety else found

    def _unsuppressed(self, source: Source, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
        reasons = list(map(self._reasons(source), diagnostics))
        kept_back = list(compress(diagnostics, reasons))
        self.report.suppressed += map(Suppressed, in_cells(kept_back, source.notebook), filter(None, reasons))
        return [diagnostic for diagnostic, why in zip(diagnostics, reasons, strict=True) if not why]

    def _reasons(self, source: Source) -> Callable[[Diagnostic], str]:
        """Return what says why a finding is not reported, empty when it is."""
        suppressions = Suppressions(source)
        ignored = self.project.ignored(self.found.absolute)

        def reason(diagnostic: Diagnostic) -> str:
            if diagnostic.code in ignored:
                return "per-file-ignores"
            if suppressions.file_level:
                return "flake8: noqa"
            covered = suppressions.covers(diagnostic.noqa_line, diagnostic.code)
            return f"noqa on line {diagnostic.noqa_line}" if covered else ""

        return reason

    def _unreadable(self, message: str, position: Position, notebook: Notebook | None = None) -> None:
        code = UNREADABLE_FILE.code
        if UNREADABLE_FILE in self.project.rules and code not in self.project.ignored(self.found.absolute):
            found = self.project.weighed([unreadable(self.found.path, message, position)])
            self.report.diagnostics += in_cells(found, notebook)
            self.report.sources[self.found.path] = self._lines()

    def _lines(self) -> list[str]:
        """The lines of a file that could not be parsed, as far as they can be shown."""
        try:
            return lines_of(self.found.path, self.files.read(self.found.absolute))
        except OSError:
            return []

    def _report(self, diagnostics: Sequence[Diagnostic], source: Source) -> None:
        self.report.diagnostics += in_cells(diagnostics, source.notebook)
        if diagnostics:
            self.report.sources[self.found.path] = source.shown_lines


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _uncovered(diagnostics: Sequence[Diagnostic], applied: Sequence[Diagnostic], unsafe: bool) -> int:
    # By code and not by place: a fix moves what stands after it.
    return (Counter(diagnostic.code for diagnostic in applied) - fixable(diagnostics, unsafe)).total()


def fixable(diagnostics: Sequence[Diagnostic], unsafe: bool) -> Counter[str]:
    """Count, by code, what the wanted fixes repair."""
    wanted = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    return Counter(
        diagnostic.code
        for diagnostic in diagnostics
        if diagnostic.fix is not None and diagnostic.fix.applicability in wanted
    )


def crash(message: str, error: BaseException) -> str:
    """Return a sentence about a defect of this tool, with where it was raised."""
    frames = "".join(traceback.format_exception(error)).rstrip()
    return f"{message}; please report it\n{frames}"
