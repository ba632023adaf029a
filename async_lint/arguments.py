"""The command line's flags."""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from async_lint.files.shard import Shard

FORMATS = ("full", "concise", "json", "github", "gitlab", "sarif", "junit", "html")

# The format that the end of a file's name stands for.
_SUFFIXES = {
    ".sarif": "sarif",
    ".sarif.json": "sarif",
    ".json": "json",
    ".xml": "junit",
    ".html": "html",
    ".txt": "concise",
}

_EPILOG = """\
A RULE is a code (ASL101), the beginning of one (ASL1) or a name (floating-coroutine); several are separated by commas.
Exit codes: 0 nothing found, 1 something found, 2 wrong usage, wrong settings or an internal error.
"""


class OutputFile(NamedTuple):
    """A file that a report is written to, and its format."""

    output_format: str
    name: str


class _Parser(argparse.ArgumentParser):
    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse's own keeps quiet about a full disk and a reader that has gone.
        (file or sys.stderr).write(message)


SHELLS = ("bash", "zsh", "tcsh")


def command_line() -> argparse.ArgumentParser:
    """Return the parser of the flags, which does not know yet how they go together."""
    parser = _Parser(
        prog="async-lint",
        description="Find what goes wrong with async/await in Python, and repair what can be repaired.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        # An abbreviation in somebody's script would break, or change its meaning, with the next flag.
        allow_abbrev=False,
    )
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and directories; `-` is standard input (default: .)"
    )
    parser.add_argument("-V", "--version", action="store_true", help="print the version and exit")
    parser.add_argument(
        "--print-completion", choices=SHELLS, help="print a script that completes flags and rules in a shell, and exit"
    )
    _fixing(parser.add_argument_group("fixing"))
    _selecting(parser.add_argument_group("rules"))
    _adopting(parser.add_argument_group("adoption"))
    _reporting(parser.add_argument_group("output"))
    _settings(parser.add_argument_group("settings and environment"))
    return parser


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the flags; prints a message and raises SystemExit(2) for a wrong one."""
    parser = command_line()
    flags = parser.parse_args(arguments)
    # As a shell passes an unset variable; `abspath` would make the current directory of it.
    if "" in flags.paths:
        parser.error("a PATH is empty; `.` is the current directory")
    if flags.isolated and flags.config:
        parser.error("--isolated and --config exclude each other: --isolated reads no settings")
    if flags.diff and (flags.statistics or flags.output_file or flags.output_format != "full"):
        parser.error(
            "--diff prints changes and no findings: --statistics, --output-format and --output-file have no part in it"
        )
    if "-" in flags.paths and len(flags.paths) > 1:
        parser.error("`-` stands alone: standard input and paths cannot be checked in one run")
    if flags.stdin_filename is not None and flags.paths != ["-"]:
        parser.error("--stdin-filename wants `-` as the only path")
    if flags.fix and flags.diff:
        parser.error("--fix and --diff exclude each other: --diff shows what --fix would write")
    if (flags.fix or flags.diff) and flags.show_suppressed:
        parser.error("--show-suppressed cannot be used with --fix or --diff")
    if flags.add_noqa and (flags.fix or flags.diff or flags.statistics or "-" in flags.paths):
        parser.error("--add-noqa stands alone: it cannot be used with --fix, --diff, --statistics or `-`")
    if flags.write_baseline and (flags.fix or flags.diff or flags.statistics or flags.baseline or flags.add_noqa):
        parser.error("--write-baseline cannot be used with --fix, --diff, --statistics, --add-noqa or --baseline")
    if flags.shard and (flags.write_baseline or "-" in flags.paths):
        parser.error("--shard cannot be used with --write-baseline, which is about all files, or `-`")
    if flags.executor and (flags.jobs is not None or "-" in flags.paths):
        parser.error("--executor cannot be used with --jobs, which is about this machine, or `-`")
    if flags.diff_base is not None and (flags.fix or flags.diff or flags.write_baseline or "-" in flags.paths):
        parser.error("--diff-base cannot be used with --fix, --diff, --write-baseline or `-`")
    if flags.watch and (flags.diff or flags.add_noqa or flags.write_baseline or "-" in flags.paths):
        parser.error("--watch cannot be used with --diff, --add-noqa, --write-baseline or `-`")
    return flags


def _fixing(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--fix", action="store_true", help="repair what can be repaired safely")
    group.add_argument("--unsafe-fixes", action="store_true", help="let --fix and --diff take the unsafe fixes too")
    group.add_argument("--diff", action="store_true", help="print what --fix would change, and write nothing")


def _selecting(group: "argparse._ArgumentGroup") -> None:
    rules: dict[str, Any] = {"action": "extend", "type": _words, "metavar": "RULE,..."}
    # Without a default these two are None when absent, and leave the settings alone; the others only add.
    group.add_argument("--select", **rules, help="check these rules and no others")
    group.add_argument("--ignore", **rules, help="leave these rules out, instead of the settings' `ignore`")
    group.add_argument("--extend-select", **rules, default=[], help="check these rules as well")
    group.add_argument("--extend-ignore", **rules, default=[], help="leave these rules out as well")
    group.add_argument("--list-rules", action="store_true", help="list the rules and exit")
    group.add_argument("--explain", **rules, help="print the pages of rules and exit")
    group.add_argument(
        "--explain-call",
        type=_place,
        metavar="FILE:LINE",
        help="print what is believed of each call on the line, and why, and exit",
    )
    group.add_argument(
        "--explain-loop",
        type=_place,
        metavar="FILE:LINE",
        help="print whether each loop on the line is reported, and why, and exit",
    )


def _adopting(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--add-noqa", action="store_true", help="add a `# noqa: CODE` comment to each line with a finding"
    )
    group.add_argument(
        "--write-baseline",
        type=_named,
        metavar="FILE",
        help="write what is found to a file, to be left for now",
    )
    group.add_argument("--baseline", type=_named, metavar="FILE", help="report only what is not in such a file")
    group.add_argument(
        "--diff-base", metavar="REV", help="report only lines changed since a git revision; `REV...`: since it was left"
    )


def _reporting(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--output-format", choices=FORMATS, default="full", help="(default: full)")
    group.add_argument(
        "--output-file",
        action="append",
        type=_output_file,
        default=[],
        metavar="[FORMAT:]FILE",
        help="write the findings to this file as well; a name in .sarif, .json, .xml (junit), .html or .txt (concise) "
        "tells the format",
    )
    group.add_argument(
        "-w", "--watch", action="store_true", help="check again whenever a file of the project changes; Ctrl-C ends it"
    )
    group.add_argument("--statistics", action="store_true", help="print how often each rule was broken, not where")
    group.add_argument(
        "--show-suppressed", action="store_true", help="show what a comment or a setting suppresses, and which"
    )
    group.add_argument("-q", "--quiet", action="store_true", help="print findings and errors, nothing else")
    group.add_argument("-e", "--exit-zero", action="store_true", help="exit with 0 although something was found")
    group.add_argument("--exit-non-zero-on-fix", action="store_true", help="exit with 1 when something was fixed")


def _settings(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--config", type=_named, metavar="FILE", help="read the settings from this file")
    group.add_argument("--isolated", action="store_true", help="ignore the settings, apart from `src` and `python`")
    group.add_argument("--show-settings", action="store_true", help="print the settings of the paths and exit")
    group.add_argument(
        "--python", type=_named, metavar="PATH", help="the interpreter or environment whose packages the project uses"
    )
    group.add_argument(
        "--jobs", type=_jobs, metavar="N", help="check in at most N processes (default: auto, by the processors)"
    )
    group.add_argument(
        "--executor", type=_executor, metavar="dask://HOST:PORT", help="check in the workers of this scheduler of dask"
    )
    group.add_argument(
        "--shard", type=_shard, metavar="I/N", help="check the I-th of N parts of the files, on one of N machines"
    )
    group.add_argument("--force-exclude", action="store_true", help="leave out excluded paths even when they are given")
    group.add_argument(
        "--stdin-filename", type=_named, metavar="PATH", help="the name under which standard input is checked"
    )
    group.add_argument("--no-cache", action="store_true", help="neither use nor keep the results of earlier runs")
    group.add_argument(
        "--cache-dir", type=_named, metavar="PATH", help="keep results in this folder (default: .async_lint_cache)"
    )


def _words(text: str) -> list[str]:
    words = [word for word in re.split(r"[,\s]+", text) if word]
    if not words:
        raise argparse.ArgumentTypeError("must name a rule, as in ASL101, and is empty")
    return words


def _named(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("must be a path, and is empty")
    return text


def _output_file(text: str) -> OutputFile:
    prefix, colon, name = text.partition(":")
    if colon and prefix in FORMATS and name.strip():
        return OutputFile(prefix, name)
    for suffix, output_format in _SUFFIXES.items():
        if text.lower().endswith(suffix) and len(text) > len(suffix):
            return OutputFile(output_format, text)
    formats = ", ".join(FORMATS)
    raise argparse.ArgumentTypeError(
        f"no format is known by the name {text!r}; write it as in sarif:report.out (one of {formats})"
    )


def _jobs(text: str) -> int | None:
    if text == "auto":
        return None
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a number from 1 up, or `auto`, not {text!r}")
    return int(text)


def _executor(text: str) -> str:
    if not re.fullmatch(r"dask://[^/\s]+:[0-9]{1,5}", text):
        raise argparse.ArgumentTypeError(f"must be dask://HOST:PORT, not {text!r}")
    return text


def _shard(text: str) -> Shard:
    try:
        return Shard.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}, not {text!r}") from error


def _place(text: str) -> tuple[str, int]:
    # From the right: a Windows path has a colon of its own.
    file, _, line = text.rpartition(":")
    if not file or not re.fullmatch("[0-9]{1,9}", line) or int(line) < 1:
        raise argparse.ArgumentTypeError(f"must be a file and a line from 1 up, as in app.py:12, not {text!r}")
    return file, int(line)
