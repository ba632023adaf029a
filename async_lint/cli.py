"""The command line: flags to a run, a run to text and an exit code."""

import gc
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from async_lint import __version__
from async_lint.exits import CLEAN, FAILED, complain

# What is slow to import is imported where it is used: an editor asks for the version at every start.
if TYPE_CHECKING:
    import argparse

INTERRUPTED, READER_GONE = 130, 141  # as shells call a process that Ctrl-C ended, and one that SIGPIPE did


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; `arguments` default to the process's own. Returns the exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    # Python has None for what is closed, and `print` takes None for standard output.
    sys.stderr = sys.stderr or io.StringIO()
    if not sys.stdout:
        complain("standard output is closed")
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
            complain(_failure(error))
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
    from async_lint.config_error import ConfigError

    # `abspath` would raise for each relative path.
    try:
        os.getcwd()
    except OSError:
        complain("the current directory does not exist any more")
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
        if flags.print_completion:
            from async_lint.completion import completion

            sys.stdout.write(completion(flags.print_completion))
            return CLEAN
        if flags.list_rules:
            return _list_rules(flags)
        if flags.explain_call is not None or flags.explain_loop is not None:
            return _explain_line(flags)
        if flags.explain is not None:
            return _explain(flags.explain)
        if flags.watch:
            from async_lint.watch import watch

            return watch(flags)
        from async_lint.checking import check

        return check(flags)
    except ConfigError as error:
        complain(str(error))
        return FAILED


def _list_rules(flags: "argparse.Namespace") -> int:
    from async_lint.describe import rules_json, rules_table
    from async_lint.registry import RULES

    infos = [rule.info for rule in RULES]
    sys.stdout.write(rules_json(infos) if flags.output_format == "json" else rules_table(infos))
    return CLEAN


def _explain(words: Sequence[str]) -> int:
    from async_lint.pages import page
    from async_lint.registry import named

    sys.stdout.write("\n".join(page(rule.info) for rule in named(words, "--explain")))
    return CLEAN


def _explain_line(flags: "argparse.Namespace") -> int:
    from async_lint.explained_line import Asked, explain_calls, explain_loops
    from async_lint.files.absolute import absolute
    from async_lint.files.ports import Disk
    from async_lint.inputs import projects_of

    of_call = flags.explain_call is not None
    flag, (name, line) = ("--explain-call", flags.explain_call) if of_call else ("--explain-loop", flags.explain_loop)
    files, asked = Disk(), Asked(flag, name, absolute(name), line)
    told = (explain_calls if of_call else explain_loops)(asked, projects_of(flags, files, ()), files)
    sys.stdout.writelines(f"{text}\n" for text in told)
    return CLEAN
