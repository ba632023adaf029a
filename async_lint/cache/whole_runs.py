"""A run with nothing changed since the same one before: its report again, without a look at rules or trees."""

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from async_lint.cache.changes import changes
from async_lint.cache.codec import outcome_of_text, outcome_to_text, trace_of_text, trace_to_text
from async_lint.cache.stamps import key
from async_lint.cache.store import Store
from async_lint.cache.tool import tool
from async_lint.cache.trace import Trace
from async_lint.files.ports import Disk
from async_lint.files.source import lines_of
from async_lint.report import Report

# They decide how a report is shown, or how it is come by, and not what is in it.
_OF_SHOWING = frozenset(
    ["executor", "exit_non_zero_on_fix", "exit_zero", "jobs", "no_cache", "output_file", "output_format", "quiet"]
    + ["show_suppressed", "statistics", "unsafe_fixes", "diff_base", "cache_dir"]
)


class Outcome(NamedTuple):
    """What a run found; `idle` are the roots of projects that select no rule, `warnings` speak of baselines."""

    report: Report
    idle: Sequence[str] = ()
    warnings: Sequence[str] = ()


class WholeRuns:
    """Outcomes by what was asked for on the command line."""

    def __init__(self, store: Store, flags: Namespace) -> None:
        self._store = store
        asked = sorted((name, value) for name, value in vars(flags).items() if name not in _OF_SHOWING)
        self._key = key(tool(), os.getcwd(), os.environ.get("VIRTUAL_ENV"), asked)

    def recall(self) -> Outcome | None:
        """Return what the same run found before, if all that it looked at is as it was."""
        row = self._store.run(self._key)
        if row is None:
            return None
        try:
            trace = trace_of_text(row[0])
            changed = changes(trace)
            if changed.files or changed.elsewhere:
                return None
            report, idle = outcome_of_text(row[1])
            files = Disk()
            for path in dict.fromkeys(each.path for each in report.diagnostics):
                report.sources[path] = lines_of(path, files.read(Path(os.path.abspath(path))))
        except (OSError, ValueError):
            return None
        if changed.now != trace:
            self._store.put_run(self._key, trace_to_text(changed.now), row[1])
        return Outcome(report, idle)

    def keep(self, outcome: Outcome, trace: Trace) -> None:
        """Keep what a run found for the next; `trace` is all that it rests on."""
        if not outcome.report.errors:
            text = outcome_to_text(outcome.report, outcome.idle)
            self._store.put_run(self._key, trace_to_text(trace), text)
