"""What the command line is for: files checked, what was found shown, an exit code."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from async_lint.cache.folder import cache_folder
from async_lint.cache.store import Store
from async_lint.cache.trace import TracedDisk
from async_lint.cache.whole_runs import Outcome, WholeRuns
from async_lint.config_error import ConfigError
from async_lint.exits import CLEAN, FAILED, FOUND, complain, warn
from async_lint.files.absolute import absolute
from async_lint.files.ports import MAX_BYTES, Disk, Files, Overlay
from async_lint.model import Severity
from async_lint.output import show, show_diff, show_unchecked, unchecked, write_files
from async_lint.report import Report
from async_lint.reporters.text import count, escape

if TYPE_CHECKING:
    from async_lint.changed_lines import ChangedLines

# What is slow to import is imported where it is used: a run with nothing changed needs neither rules nor trees.


def check(flags: Namespace) -> int:
    """Check, and repair where it is asked for, what the flags name. Returns the exit code. Raises ConfigError."""
    stdin = flags.paths == ["-"]
    paths = [flags.stdin_filename or "-"] if stdin else flags.paths or ["."]
    if flags.show_settings:
        return _show_settings(flags, paths)
    # Before the run, which may be long: a revision may be wrong.
    changed = _changed_lines(flags.diff_base) if flags.diff_base is not None else None
    files = _standard_input(paths[0]) if stdin else TracedDisk()
    report, idle, warnings = _outcome(flags, paths, files)
    if changed:
        from async_lint.kept_back import keep_back

        elsewhere = [each for each in report.diagnostics if not changed.has(each, absolute(each.path))]
        keep_back(report, f"unchanged since {flags.diff_base}", elsewhere)
    if flags.write_baseline:
        report.errors += _write_baseline(report, flags.write_baseline)
    elif flags.add_noqa:
        report.errors += _add_noqa(report, files)
    elif flags.diff:
        show_diff(report, flags)
    elif flags.fix and stdin:
        sys.stdout.buffer.write(report.changes[0].after if report.changes else files.read(absolute(paths[0])))
        # Standard output is the repaired text alone: an editor puts it in its buffer.
        show(report, flags, sys.stderr)
    else:
        show(report, flags, sys.stdout)
    errors = [*report.errors, *write_files(report, flags.output_file)]
    for error in errors:
        complain(error)
    for sentence in warnings:
        warn(sentence)
    if report.warnings:
        more = len(report.warnings) - 1
        warn(report.warnings[0] + (f" ({more} more like this)" if more else ""))
    if not report.files and not report.diagnostics and not errors:
        warn("no Python files to check" + (f" in shard {flags.shard}" if flags.shard else ""))
    for root in idle:
        warn(f"no rule is selected for {root}")
    return FAILED if errors else _exit_code(report, flags)


def _outcome(flags: Namespace, paths: Sequence[str], files: Files) -> Outcome:
    """Return what an earlier run found, if nothing has changed since, or what is found now."""
    store = Store(cache_folder(flags.cache_dir)) if isinstance(files, TracedDisk) and not flags.no_cache else None
    # What changes files, or looks into others, begins at the beginning.
    looks = not (flags.fix or flags.diff or flags.add_noqa or flags.write_baseline or flags.baseline)
    runs = WholeRuns(store, flags) if store is not None and looks else None
    outcome = runs.recall() if runs is not None else None
    if outcome is not None:
        return outcome
    from async_lint.fresh_run import fresh_run

    outcome, trace = fresh_run(flags, paths, files, store)
    if runs is not None and trace is not None:
        runs.keep(outcome, trace)
    return outcome


def _standard_input(name: str) -> Files:
    """Return the disk, with standard input in the place of the file `name`. Raises ConfigError."""
    if not sys.stdin:
        raise ConfigError("-: standard input is closed")
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"-: standard input cannot be read: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"-: standard input is larger than {MAX_BYTES // 1_000_000} MB")
    return Overlay(Disk(), {absolute(name): data})


def _exit_code(report: Report, flags: Namespace) -> int:
    if flags.exit_zero:
        return CLEAN
    if flags.add_noqa or flags.write_baseline:
        return FOUND if unchecked(report) else CLEAN
    if flags.diff:
        # As with a formatter's `--diff`: it is the changes that count, and files for which nobody can tell.
        return FOUND if report.changes or unchecked(report) else CLEAN
    # As with other linters: a remark is to be read, and stops nobody.
    failing = any(each.severity is not Severity.INFO for each in report.diagnostics)
    return FOUND if failing or (report.applied and flags.exit_non_zero_on_fix) else CLEAN


def _add_noqa(report: Report, files: Files) -> list[str]:
    """Add comments to the files of a run, and print how many. Returns sentences about what could not be written."""
    from async_lint.add_noqa import add_noqa

    # What could not be checked has no lines to speak of, and a comment that is too much wants no other.
    wanted = [each for each in report.diagnostics if not each.code.startswith("ASL9")]
    added = [
        add_noqa(absolute(path), list(found), report.sources[path], files)
        for path, found in groupby(wanted, lambda each: each.path)
    ]
    show_unchecked(report)
    done = [each for each in added if each.problems]
    if done:
        lines, in_files = count(sum(each.lines for each in done), "line"), count(len(done), "file")
        print(f"Added `noqa` comments on {lines} in {in_files}, for {count(sum(each.problems for each in done))}.")
    else:
        print("No `noqa` comments to add.")
    return [error for each in added for error in each.errors]


def _write_baseline(report: Report, name: str) -> list[str]:
    from async_lint.baseline import can_be_accepted, document
    from async_lint.files.write import put

    accepted = list(filter(can_be_accepted, report.diagnostics))
    show_unchecked(report)
    file = absolute(name)
    try:
        put(file, document(accepted, report.sources, file.parent).encode("utf-8"))
    except OSError as error:
        return [f"--write-baseline: {name} cannot be written: {error.strerror or error}"]
    print(f"Wrote {count(len(accepted))} to {escape(name)}.")
    return []


def _changed_lines(revision: str) -> "ChangedLines":
    from async_lint.changed_lines import ChangedLines

    return ChangedLines(revision, Path.cwd())


def _show_settings(flags: Namespace, paths: Sequence[str]) -> int:
    from async_lint.describe import settings
    from async_lint.inputs import projects_of

    files = _standard_input(paths[0]) if flags.paths == ["-"] else Disk()
    projects = projects_of(flags, files, [path for path in map(absolute, paths) if files.is_dir(path)])
    shown = []
    for given, path in zip(paths, map(absolute, paths), strict=True):
        if not files.is_dir(path) and not files.is_file(path):
            raise ConfigError(f"--show-settings: {given}: no such file or directory")
        project = projects.of_directory(path) if files.is_dir(path) else projects.of(path)
        if project not in shown:
            shown.append(project)
    described = [
        settings(project.config, [rule.code for rule in project.rules], project.settings, project.site_packages)
        for project in shown
    ]
    sys.stdout.write("\n".join(described))
    return CLEAN
