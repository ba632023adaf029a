"""Files that were checked, repaired one after another: what one fix changes may show in other files."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace

from async_lint.file_run import Request, fixable, run_file
from async_lint.files.discovery import Found
from async_lint.files.ports import Files
from async_lint.projects import Projects
from async_lint.report import Report


def repaired(
    request: Request, projects: Projects, files: Files, wanted: Sequence[Found], checked: Iterable[Report]
) -> Generator[Report, None, None]:
    """Yield the reports on files that were `checked`, with fixes made by this process where they are wanted.

    What is left is looked for in the files as they are then: what was learnt of a file as it was may stand beside what
    was learnt of it since, so all is learnt anew. A file in which nothing was found is not looked at again.
    """
    if not request.fix:
        yield from checked
        return
    before = list(checked)
    reports = list(_repaired(request, projects, files, wanted, before))
    if not request.write or not any(report.changes for report in reports):
        yield from reports
        return
    projects.forget()
    looking = replace(request, fix=False, write=False)
    for found, report, first in zip(wanted, reports, before, strict=True):
        if first.diagnostics and not report.errors:
            left = run_file(looking, projects, files, found)
            report.diagnostics, report.suppressed, report.sources = left.diagnostics, left.suppressed, left.sources
            report.errors += left.errors
        yield report


def _repaired(
    request: Request, projects: Projects, files: Files, wanted: Sequence[Found], checked: Sequence[Report]
) -> Iterator[Report]:
    """Yield the reports with fixes made, in order.

    A fix may change what is found in a file further down, or mend it: where there are findings, they are looked for
    again once a file was changed.
    """
    changed = False
    for found, report in zip(wanted, checked, strict=True):
        if fixable(report.diagnostics, request.unsafe) or (changed and report.diagnostics):
            report = run_file(request, projects, files, found)
            changed = changed or bool(report.changes)
        yield report
