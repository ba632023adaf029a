"""What the command line shows of a run: the problems, or the changes, and a closing line, to the right stream."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TextIO

from async_lint.arguments import OutputFile
from async_lint.model import Diagnostic, is_unchecked
from async_lint.report import Report
from async_lint.reporters.text import Reporter, WholeReporter, count, fixes, summary


def show(report: Report, flags: Namespace, stream: TextIO) -> None:
    for_people = flags.output_format in ("full", "concise")
    if flags.statistics:
        from async_lint.reporters import statistics

        render = statistics.render_json if flags.output_format == "json" else statistics.render
        stream.write(render(report.diagnostics))
    else:
        colour = _colour(stream)
        stream.write(rendered(report, flags.output_format, colour))
        if for_people and report.suppressed and flags.show_suppressed:
            from async_lint.reporters import suppressed

            stream.write(
                suppressed.render([(finding.diagnostic, finding.reason) for finding in report.suppressed], colour)
            )
    # Beside an error that kept files from being checked, `No problems found.` would be no truth.
    if for_people and not flags.quiet and (report.diagnostics or report.applied or not report.errors):
        closing = summary(report.diagnostics, len(report.applied), flags.unsafe_fixes, report.uncovered)
        gap = "\n" if flags.output_format == "full" and report.diagnostics and not flags.statistics else ""
        stream.write(f"{gap}{closing}\n{_by_rule(report)}")


def write_files(report: Report, wanted: Sequence[OutputFile]) -> list[str]:
    """Write what a run found to files; return a sentence for each that could not be written."""
    errors = []
    for output_format, name in wanted:
        from async_lint.files.write import put

        text = rendered(report, output_format, colour=False)
        try:
            put(Path(name), text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            errors.append(f"--output-file: {name} cannot be written: {error.strerror or error}")
    return errors


def show_diff(report: Report, flags: Namespace) -> None:
    from async_lint.reporters import diff

    for change in report.changes:
        sys.stdout.buffer.write(diff.render(*change, _colour(sys.stdout)))
    show_unchecked(report)
    if not flags.quiet:
        problems, changed = fixes(len(report.applied), report.uncovered), count(len(report.changes), "file")
        closing = f"Would fix {problems} in {changed}." if report.changes else "No fixes to make."
        sys.stderr.write(f"{closing}\n{_by_rule(report)}")


def _by_rule(report: Report) -> str:
    """Return how many of each rule's findings were fixed, a line each."""
    if not report.applied:
        return ""
    from async_lint.reporters import statistics

    return statistics.render_fixed(report.applied)


def show_unchecked(report: Report) -> None:
    """Print the files for which nobody can tell."""
    from async_lint.reporters import concise

    sys.stderr.write(concise.render(unchecked(report), report.sources, _colour(sys.stderr)))


def unchecked(report: Report) -> list[Diagnostic]:
    return list(filter(is_unchecked, report.diagnostics))


def rendered(report: Report, output_format: str, colour: bool) -> str:
    """Return what a run found, in one of the formats."""
    reporter = import_module(f"async_lint.reporters.{output_format}")
    if output_format in ("sarif", "junit", "html"):
        # Who reads a file alone must not take a run that was cut short for a clean one.
        whole: WholeReporter = reporter.render
        return whole(report.diagnostics, report.sources, colour, list(map(_sentence, report.errors)))
    render: Reporter = reporter.render
    return render(report.diagnostics, report.sources, colour)


def _sentence(error: str) -> str:
    # A traceback is for standard error.
    return error.splitlines()[0]


def _colour(stream: TextIO) -> bool:
    # https://no-color.org and https://force-color.org: empty counts as unset.
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")
