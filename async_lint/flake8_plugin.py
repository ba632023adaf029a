"""The flake8 plugin `ASL`: what the command line finds, in flake8's own words and with its own tree."""

import ast
import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from async_lint import __version__

# flake8 loads every installed plugin at every start: what is slow to import waits until a rule may be reported.
if TYPE_CHECKING:
    import argparse

    from async_lint.cache.flake8_files import Flake8Files
    from async_lint.files.patterns import Patterns
    from async_lint.projects import Projects

PREFIX = "ASL"


class Plugin:
    """One file. flake8 hands over its tree and its lines: decoded, without a BOM, every newline a `\\n`."""

    name = "async-lint"
    version = __version__

    # A process's state: forked workers inherit it, spawned ones parse the options again.
    options: ClassVar["argparse.Namespace | None"] = None
    projects: ClassVar["Projects | None"] = None
    kept: ClassVar["Flake8Files | None"] = None
    files: ClassVar[int] = 0

    def __init__(self, tree: ast.Module, filename: str, lines: Sequence[str]) -> None:
        self._tree = tree
        self._filename = filename
        self._lines = lines

    @classmethod
    def parse_options(cls, options: "argparse.Namespace") -> None:
        """Keep flake8's options. They decide which rules need to run.

        Raises flake8's ExecutionError when the settings of what it is to check cannot be used.
        """
        cls.options = options
        cls.projects = cls.kept = None
        if _may_report(options):
            # Before flake8 forks, so that the import is paid for once and not by every worker.
            _refuse_wrong_settings(options)

    def run(self) -> Iterator[tuple[int, int, str, type["Plugin"]]]:
        """Yield line (one-based), column (zero-based, in characters), text and type of each finding.

        Raises flake8's own errors, which it prints without a traceback: ExecutionError when the settings cannot be
        used, PluginExecutionFailed for a defect of async-lint.
        """
        if self.options is not None and not _may_report(self.options):
            return
        from flake8.exceptions import ExecutionError, PluginExecutionFailed

        from async_lint.check import CheckError
        from async_lint.config_error import ConfigError
        from async_lint.files.source import Source
        from async_lint.reporters.text import escape

        if Plugin.projects is None or Plugin.kept is None:
            Plugin.projects, Plugin.kept = _projects(self.options)
        path = Path(os.path.abspath(self._filename))
        try:
            project = Plugin.projects.of(path)
        except ConfigError as error:
            raise ExecutionError(f"async-lint: {error}") from error
        if _excluded(path, project.excludes, self.options):
            return
        # The bytes are not asked for: flake8 may have read them from standard input, and nothing is fixed here.
        source = Source(self._filename, b"", "".join(self._lines), "utf-8", False, self._tree, list(self._lines))
        ignored = project.ignored(path)
        try:
            with _rare_collection():
                diagnostics = Plugin.kept.check(project, source, path)
        except CheckError as error:
            raise PluginExecutionFailed(self._filename, f"{self.name}[{PREFIX}]", error) from error
        _freeze_now_and_then()
        for diagnostic in diagnostics:
            if diagnostic.code not in ignored:
                line, column = diagnostic.span.start
                yield line, column, f"{diagnostic.code} {escape(diagnostic.message)}", type(self)


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Trees come and go by the million nodes, and hold no garbage: looking for it as often as usual costs a fifth."""
    before = gc.get_threshold()
    gc.set_threshold(500_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _freeze_now_and_then() -> None:
    """Spare flake8's collections the look through what inference learnt, most of it in the first files.

    Not at every file, for what is frozen while it is in use is never freed: the tree of the file under check, which
    pyflakes ties into cycles.
    """
    Plugin.files += 1
    if Plugin.files % 6 == 0 or Plugin.files < 6:
        gc.freeze()


def _refuse_wrong_settings(options: "argparse.Namespace") -> None:
    """Raise for settings that cannot be used, before there are workers: an error in several may hang flake8.

    It ends its pool at the first of them, and who is killed while it hands over another one keeps the pool's lock.
    """
    from flake8.exceptions import ExecutionError

    from async_lint.config_error import ConfigError
    from async_lint.files.ports import Disk
    from async_lint.projects import Projects

    disk = Disk()
    projects = Projects(disk)
    for path in map(Path, map(os.path.abspath, options.filenames or ["."])):
        try:
            projects.of_directory(path if disk.is_dir(path) else path.parent)
        except ConfigError as error:
            raise ExecutionError(f"async-lint: {error}") from error


def _may_report(options: "argparse.Namespace") -> bool:
    """Whether flake8 would report any code that begins with ASL. Cheap: the rules are not looked at."""
    chosen = options.extended_default_select if options.select is None else options.select
    return any(
        selector.startswith(PREFIX) or PREFIX.startswith(selector)
        for selector in [*chosen, *(options.extend_select or ())]
    )


def _excluded(path: Path, excludes: "Patterns", options: "argparse.Namespace | None") -> bool:
    """Whether the settings exclude a file that flake8 found, which has no idea of them.

    As on the command line, what was asked for by name is wanted, and so is what lies in a folder asked for by name.
    """
    for given in map(Path, map(os.path.abspath, options.filenames or ["."] if options else ())):
        if given != path and path.is_relative_to(given):
            inside = excludes.base / path.relative_to(given) if excludes.match(given, is_dir=True) else path
            return excludes.match(inside)
    return False


def _projects(options: "argparse.Namespace | None") -> "tuple[Projects, Flake8Files]":
    """Return projects that check what flake8 will report, and what its options name more narrowly than `ASL`.

    With them comes what earlier runs found in their files.
    """
    from flake8.style_guide import Decision, DecisionEngine

    from async_lint.cache.flake8_files import Flake8Files
    from async_lint.cache.trace import TracedDisk
    from async_lint.config import Overrides
    from async_lint.projects import Projects
    from async_lint.registry import RULES

    codes = [rule.code for rule in RULES]
    # flake8 has its own word for a file that it cannot read.
    dropped = {code for code in codes if code.startswith("ASL9")}
    named: list[str] = []
    if options is not None:
        engine = DecisionEngine(options)
        dropped.update(code for code in codes if engine.decision_for(code) is not Decision.Selected)
        asked = [*(options.select or ()), *(options.extend_select or ())]
        named = [
            selector
            for selector in asked
            if len(selector) > len(PREFIX) and any(code.startswith(selector) for code in codes)
        ]
    files = TracedDisk()
    given = map(Path, map(os.path.abspath, options.filenames or ["."] if options else ()))
    overrides = Overrides(extend_select=tuple(named), extend_ignore=tuple(sorted(dropped)))
    projects = Projects(files, overrides, asked=[path for path in given if files.is_dir(path)], noted=True)
    return projects, Flake8Files(files)
