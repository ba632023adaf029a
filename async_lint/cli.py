"""The command line: flags to a run, a run to text and an exit code."""

import gc
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from async_lint import __version__

# What is slow to import is imported where it is used: an editor asks for the version at every start.
if TYPE_CHECKING:
    import argparse

    from async_lint.files.ports import Files
    from async_lint.projects import Projects
    from async_lint.report import Report

CLEAN, FOUND, FAILED = 0, 1, 2
INTERRUPTED, READER_GONE = 130, 141  # as shells call a process that Ctrl-C ended, and one that SIGPIPE did


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; `arguments` default to the process's own. Returns the exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    # Python has None for what is closed, and `print` takes None for standard output.
    sys.stderr = sys.stderr or io.StringIO()
    if not sys.stdout:
        _complain("standard output is closed")
        return FAILED
    # A message may hold what the terminal's encoding lacks, such as a name from the source.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _dispatch(given)
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        return READER_GONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        with suppress(OSError):
            _complain(_failure(error))
        return FAILED
    return code


def script() -> NoReturn:
    """Run the command line and end the process, without taking a run's millions of objects apart one by one."""
    # Trees come and go by the million nodes, and hold no garbage: looking for it as often as usual costs a fifth.
    gc.set_threshold(10_000_000, *gc.get_threshold()[1:])
    code = main()
    if code == READER_GONE:
        _end_by_sigpipe()
    # What could not be written is not tried again, as an orderly end would.
    os._exit(code)


def _end_by_sigpipe() -> None:
    import signal

    # As other tools in a pipe end; Python ignores the signal and raises an error instead.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGPIPE)


def _failure(error: Exception) -> str:
    import traceback

    # What is read has a name.
    if isinstance(error, OSError) and error.filename is None:
        return f"the output cannot be written: {error.strerror or error}"
    return f"internal error; please report it\n{''.join(traceback.format_exception(error)).rstrip()}"


def _dispatch(given: Sequence[str]) -> int:
    if given in (["--version"], ["-V"]):
        print(f"async-lint {__version__}")
        return CLEAN
    from async_lint.arguments import parse
    from async_lint.config import ConfigError

    # `abspath` would raise for each relative path.
    try:
        os.getcwd()
    except OSError:
        _complain("the current directory does not exist any more")
        return FAILED
    try:
        flags = parse(given)
    # argparse ends the process by itself, after `--help` too.
    except SystemExit as exit_:
        return FAILED if exit_.code else CLEAN
    try:
        if flags.version:
            print(f"async-lint {__version__}")
            return CLEAN
        if flags.list_rules:
            return _list_rules(flags)
        if flags.explain_call is not None or flags.explain_loop is not None:
            return _explain_line(flags)
        return _explain(flags.explain) if flags.explain is not None else _check(flags)
    except ConfigError as error:
        _complain(str(error))
        return FAILED


def _list_rules(flags: "argparse.Namespace") -> int:
    from async_lint.describe import rules_json, rules_table
    from async_lint.registry import RULES

    infos = [rule.info for rule in RULES]
    sys.stdout.write(rules_json(infos) if flags.output_format == "json" else rules_table(infos))
    return CLEAN


def _explain(word: str) -> int:
    from async_lint.config import ConfigError, nearest
    from async_lint.pages import page
    from async_lint.registry import RULES, by_code_or_name

    rule = by_code_or_name(word)
    if rule is None:
        known = [text for candidate in RULES for text in (candidate.code, candidate.name)]
        raise ConfigError(f"--explain: there is no rule `{word}`{nearest(word, known)}")
    sys.stdout.write(page(rule.info))
    return CLEAN


def _explain_line(flags: "argparse.Namespace") -> int:
    from async_lint.explained_line import Asked, explain_calls, explain_loops
    from async_lint.files.ports import Disk

    of_call = flags.explain_call is not None
    flag, (name, line) = ("--explain-call", flags.explain_call) if of_call else ("--explain-loop", flags.explain_loop)
    files, asked = Disk(), Asked(flag, name, _absolute(name), line)
    told = (explain_calls if of_call else explain_loops)(asked, _projects(flags, files, ()), files)
    sys.stdout.writelines(f"{text}\n" for text in told)
    return CLEAN


def _check(flags: "argparse.Namespace") -> int:
    from async_lint.engine import Request, run
    from async_lint.files.ports import Disk
    from async_lint.output import show, show_diff
    from async_lint.reporters.text import escape
    from async_lint.workers.executor import Workers, processors

    stdin = flags.paths == ["-"]
    paths = [flags.stdin_filename or "-"] if stdin else flags.paths or ["."]
    files: Files = _standard_input(paths[0]) if stdin else Disk()
    projects = _projects(flags, files, [path for path in map(_absolute, paths) if files.is_dir(path)])
    if flags.show_settings:
        return _show_settings(paths, projects, files)
    fix = flags.fix or flags.diff
    # Standard input is repaired on standard output: the path beside it is only a name.
    write = flags.fix and not stdin
    request = Request(paths, fix, flags.unsafe_fixes, write, flags.force_exclude)
    report = run(request, projects, files, None if stdin else Workers(projects, files, flags.jobs or processors()))
    if flags.diff:
        show_diff(report, flags)
    elif flags.fix and stdin:
        sys.stdout.buffer.write(report.changes[0].after if report.changes else files.read(_absolute(paths[0])))
        # Standard output is the repaired text alone: an editor puts it in its buffer.
        show(report, flags, sys.stderr)
    else:
        show(report, flags, sys.stdout)
    for error in report.errors:
        _complain(error)
    if not report.files and not report.diagnostics and not report.errors:
        print("async-lint: warning: no Python files to check", file=sys.stderr)
    for root in projects.idle():
        print(f"async-lint: warning: no rule is selected for {escape(str(root))}", file=sys.stderr)
    return FAILED if report.errors else _exit_code(report, flags)


def _exit_code(report: "Report", flags: "argparse.Namespace") -> int:
    if flags.exit_zero:
        return CLEAN
    if flags.diff:
        from async_lint.output import unchecked

        # As with a formatter's `--diff`: it is the changes that count, and files for which nobody can tell.
        return FOUND if report.changes or unchecked(report) else CLEAN
    return FOUND if report.diagnostics or (report.applied and flags.exit_non_zero_on_fix) else CLEAN


def _show_settings(paths: Sequence[str], projects: "Projects", files: "Files") -> int:
    from async_lint.config import ConfigError
    from async_lint.describe import settings

    shown = []
    for given, path in zip(paths, map(_absolute, paths), strict=True):
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


def _projects(flags: "argparse.Namespace", files: "Files", asked: Sequence[Path]) -> "Projects":
    from async_lint.config import ConfigError, Overrides
    from async_lint.files.environment import fault_of
    from async_lint.projects import Projects
    from async_lint.registry import canonical

    # Judged before they are mixed with the settings: the message would blame the settings' file.
    for flag in ("select", "ignore", "extend_select", "extend_ignore"):
        canonical(getattr(flags, flag) or (), f"--{flag.replace('_', '-')}")
    config = _absolute(flags.config) if flags.config else None
    if config and not files.is_file(config):
        raise ConfigError(f"--config: {flags.config} is not a file")
    python = _absolute(flags.python) if flags.python else None
    if python and (wrong := fault_of(python, files)):
        raise ConfigError(f"--python: {wrong}")
    overrides = Overrides(
        select=None if flags.select is None else tuple(flags.select),
        ignore=None if flags.ignore is None else tuple(flags.ignore),
        extend_select=tuple(flags.extend_select),
        extend_ignore=tuple(flags.extend_ignore),
        python=python,
    )
    return Projects(files, overrides, config, flags.isolated, asked)


def _standard_input(name: str) -> "Files":
    from async_lint.config import ConfigError
    from async_lint.files.ports import MAX_BYTES, Disk, Overlay

    if not sys.stdin:
        raise ConfigError("-: standard input is closed")
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"-: standard input cannot be read: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"-: standard input is larger than {MAX_BYTES // 1_000_000} MB")
    return Overlay(Disk(), {_absolute(name): data})


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(os.path.expanduser(path)))


def _complain(message: str) -> None:
    from async_lint.reporters.text import escape

    lines = message.splitlines()
    print("\n".join([f"async-lint: error: {escape(lines[0])}", *map(escape, lines[1:])]), file=sys.stderr)
