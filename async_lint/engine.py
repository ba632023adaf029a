"""Many files: found, checked, and repaired."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Protocol

from async_lint.file_run import Request, run_file
from async_lint.files.discovery import Found, Missing, Unreadable, discover
from async_lint.files.parts import Part
from async_lint.files.ports import Files
from async_lint.files.write import remove_leftovers
from async_lint.progress import UNSEEN, Progress
from async_lint.projects import Projects
from async_lint.repairs import repaired
from async_lint.report import Report
from async_lint.rules.unreadable_file import unreadable


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
        checked = one_by_one(looking, projects, files, wanted, progress)
    if checked is None:
        reports = one_by_one(request, projects, files, wanted, progress)
    else:
        reports = repaired(request, projects, files, wanted, checked)
    report = Report()
    # Whatever ends the run, who checked the files ends what was begun for that.
    with closing(reports):
        for found in walk:
            report.add(next(reports) if isinstance(found, Found) else _not_checked(found))
        next(reports, None)
    # A run that only looks removes nothing.
    if request.write:
        remove_leftovers(found.absolute for found in wanted)
    return report


def one_by_one(
    request: Request, projects: Projects, files: Files, wanted: Sequence[Found], progress: Progress
) -> Generator[Report, None, None]:
    """Yield the report on each file, in this process."""
    for found in wanted:
        report = run_file(request, projects, files, found)
        progress.add(report)
        yield report


def _not_checked(found: Missing | Unreadable) -> Report:
    match found:
        case Missing(path):
            return Report(errors=[f"{path}: no such file or directory"])
        case Unreadable(path, reason):
            return Report([unreadable(path, f"directory cannot be listed: {reason}")])
