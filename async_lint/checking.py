"""What the command line is for: files checked, what was found shown, an exit code."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from async_lint.changed_lines import ChangedLines
from async_lint.config import ConfigError
from async_lint.describe import settings
from async_lint.engine import Request, run
from async_lint.exits import CLEAN, FAILED, FOUND, complain, warn
from async_lint.files.ports import Disk, Files
from async_lint.files.write import put
from async_lint.inputs import absolute, projects_of, standard_input
from async_lint.kept_back import apply_baselines, keep_back
from async_lint.model import Severity
from async_lint.output import show, show_diff, show_unchecked, unchecked, write_files
from async_lint.projects import Projects
from async_lint.report import Report
from async_lint.reporters.text import count, escape
from async_lint.workers.executor import Workers, processors


def check(flags: Namespace) -> int:
    """Check, and repair where it is asked for, what the flags name. Returns the exit code. Raises ConfigError."""
    stdin = flags.paths == ["-"]
    paths = [flags.stdin_filename or "-"] if stdin else flags.paths or ["."]
    files: Files = standard_input(paths[0]) if stdin else Disk()
    projects = projects_of(flags, files, [path for path in map(absolute, paths) if files.is_dir(path)])
    if flags.show_settings:
        return _show_settings(paths, projects, files)
    # Before the run, which may be long: a revision may be wrong.
    changed = ChangedLines(flags.diff_base, Path.cwd()) if flags.diff_base is not None else None
    fix = flags.fix or flags.diff
    # Standard input is repaired on standard output: the path beside it is only a name.
    write = flags.fix and not stdin
    request = Request(paths, fix, flags.unsafe_fixes, write, flags.force_exclude)
    report = run(request, projects, files, None if stdin else Workers(projects, files, flags.jobs or processors()))
    warnings = [] if flags.write_baseline else apply_baselines(report, projects, list(map(absolute, paths)), files)
    if changed:
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
        warn("no Python files to check")
    for root in projects.idle():
        warn(f"no rule is selected for {root}")
    return FAILED if errors else _exit_code(report, flags)


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

    accepted = list(filter(can_be_accepted, report.diagnostics))
    show_unchecked(report)
    file = absolute(name)
    try:
        put(file, document(accepted, report.sources, file.parent).encode("utf-8"))
    except OSError as error:
        return [f"--write-baseline: {name} cannot be written: {error.strerror or error}"]
    print(f"Wrote {count(len(accepted))} to {escape(name)}.")
    return []


def _show_settings(paths: Sequence[str], projects: Projects, files: Files) -> int:
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
