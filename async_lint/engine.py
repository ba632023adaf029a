"""Many files: found, checked, repaired, each on its own, so that one that fails leaves the others alone."""

import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path
from typing import Protocol

from async_lint.cells import in_cells
from async_lint.check import CheckError
from async_lint.config_error import ConfigError
from async_lint.files.discovery import Found, Missing, Unreadable, discover
from async_lint.files.notebook import Notebook
from async_lint.files.parts import Part
from async_lint.files.ports import Files
from async_lint.files.source import Source, UnreadableError, lines_of, read_source
from async_lint.files.suppression import Suppressions, words_for_codes
from async_lint.files.write import LeftAloneError, remove_leftovers, write
from async_lint.fix import fix
from async_lint.fix_safety import as_settled
from async_lint.model import Applicability, Diagnostic, Position
from async_lint.progress import UNSEEN, Progress
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


class Executor(Protocol):
    """Who checks files somewhere else: in other processes, on other machines."""

    def reports(self, request: Request, wanted: Sequence[Found]) -> Iterable[Report] | None:
        """Return what `run_file` gives for each file, in their order; None where it is not worth the start.

        `request` does not ask for fixes.
        """


def run(
    request: Request,
    projects: Projects,
    files: Files,
    executor: Executor | None = None,
    part: Part | None = None,
    progress: Progress = UNSEEN,
) -> Report:
    """Check, and with `request.fix` repair, every file of `request.paths`, or a part of them.

    They are checked one after another, or by an executor, which tells of its progress itself.
    """
    walk = list(discover(request.paths, files, projects.excludes, request.force_exclude))
    walk = part.of(walk) if part is not None else walk
    wanted = [found for found in walk if isinstance(found, Found)]
    progress.begin(len(wanted))
    looking = replace(request, fix=False, write=False)
    checked = executor.reports(looking, wanted) if executor is not None else None
    # What a file alone needs to be repaired is found while it is.
    if checked is None and request.write and len(wanted) > 1:
        checked = list(one_by_one(looking, projects, files, wanted, progress))
    reports: Iterator[Report]
    if checked is None:
        reports = one_by_one(request, projects, files, wanted, progress)
    else:
        checked = list(checked)
        reports = _repaired(request, projects, files, zip(wanted, checked, strict=True))
        if request.write:
            spoken = [found for found, before in zip(wanted, checked, strict=True) if before.diagnostics]
            reports = _looked_at_again(looking, projects, files, wanted, list(reports), frozenset(spoken))
    report = Report()
    for found in walk:
        report.add(next(reports) if isinstance(found, Found) else _not_checked(found))
    # A run that only looks removes nothing.
    if request.write:
        remove_leftovers(found.absolute for found in wanted)
    return report


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


def one_by_one(
    request: Request, projects: Projects, files: Files, wanted: Sequence[Found], progress: Progress
) -> Iterator[Report]:
    """Yield the report on each file, in this process."""
    for found in wanted:
        report = run_file(request, projects, files, found)
        progress.add(report)
        yield report


def _repaired(
    request: Request, projects: Projects, files: Files, checked: Iterable[tuple[Found, Report]]
) -> Iterator[Report]:
    """Yield the reports on files that were checked; where fixes are wanted, this process makes them, in order.

    A fix may change what is found in a file further down, or mend it: where there are findings, they are looked for
    again once a file was changed.
    """
    changed = False
    for found, report in checked:
        diagnostics = report.diagnostics if request.fix else []
        if _fixable(diagnostics, request.unsafe) or (changed and diagnostics):
            report = run_file(request, projects, files, found)
            changed = changed or bool(report.changes)
        yield report


def _looked_at_again(
    request: Request,
    projects: Projects,
    files: Files,
    wanted: Iterable[Found],
    reports: Iterable[Report],
    spoken: Collection[Found],
) -> Iterator[Report]:
    """Yield the reports with what is left in the files that were `spoken` of, once a file was changed.

    What was learnt of a file as it was may stand beside what was learnt of it since: all is learnt anew.
    """
    reports = list(reports)
    if not any(report.changes for report in reports):
        yield from reports
        return
    projects.forget()
    for found, report in zip(wanted, reports, strict=True):
        if found in spoken and not report.errors:
            left = run_file(request, projects, files, found)
            report.diagnostics, report.suppressed, report.sources = left.diagnostics, left.suppressed, left.sources
            report.errors += left.errors
        yield report


def _not_checked(found: Missing | Unreadable) -> Report:
    match found:
        case Missing(path):
            return Report(errors=[f"{path}: no such file or directory"])
        case Unreadable(path, reason):
            return Report([unreadable(path, f"directory cannot be listed: {reason}")])


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
    return (Counter(diagnostic.code for diagnostic in applied) - _fixable(diagnostics, unsafe)).total()


def _fixable(diagnostics: Sequence[Diagnostic], unsafe: bool) -> Counter[str]:
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
