"""An executor that checks only what no earlier run has checked as it is now."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress

from async_lint.cache.codec import report_of_text, report_to_text
from async_lint.cache.store import Row
from async_lint.cache.trace import Trace, TracedDisk
from async_lint.cache.worlds import Worlds
from async_lint.config_error import ConfigError
from async_lint.engine import Executor, one_by_one
from async_lint.file_run import Request
from async_lint.files.discovery import Found
from async_lint.files.source import lines_of
from async_lint.progress import UNSEEN, Progress
from async_lint.project import Project
from async_lint.projects import Projects
from async_lint.report import Report


class Kept:
    """Results of earlier runs where they hold, those of `executor` or of this process where they do not."""

    def __init__(
        self,
        worlds: Worlds,
        projects: Projects,
        files: TracedDisk,
        executor: Executor,
        progress: Progress = UNSEEN,
    ) -> None:
        self._worlds = worlds
        self._projects = projects
        self._files = files
        self._executor = executor
        self._progress = progress
        self.basis: Trace | None = None  # all that the last reports rest on, if that can be told

    def reports(self, request: Request, wanted: Sequence[Found]) -> list[Report]:
        """Return the report on each file, in their order."""
        reports = [self._known(found) for found in wanted]
        for report in filter(None, reports):
            self._progress.add(report)
        missing = [number for number, report in enumerate(reports) if report is None]
        checked = self._checked(request, [wanted[number] for number in missing])
        fresh: defaultdict[Project, list[Row]] = defaultdict(list)
        for number, report in zip(missing, checked, strict=True):
            reports[number] = report
            if not report.errors:
                found = wanted[number]
                row = Row(str(found.absolute), "", report_to_text(report, found.path))
                fresh[self._projects.of(found.absolute)].append(row)
        for project, rows in fresh.items():
            self._worlds.put(project, rows)
        self.basis = self._worlds.asked()
        return [report for report in reports if report is not None]

    def _known(self, found: Found) -> Report | None:
        # Whoever checks the file tells of wrong settings.
        with suppress(ConfigError):
            text = self._worlds.report(self._projects.of(found.absolute), str(found.absolute))
            if text is not None:
                with suppress(OSError, ValueError):
                    report = report_of_text(text, found.path)
                    if report.diagnostics:
                        report.sources[found.path] = lines_of(found.path, self._files.read(found.absolute))
                    return report
        return None

    def _checked(self, request: Request, wanted: Sequence[Found]) -> Sequence[Report]:
        checked = self._executor.reports(request, wanted) if wanted else []
        if checked is not None:
            return list(checked)
        return list(one_by_one(request, self._projects, self._files, wanted, self._progress))
