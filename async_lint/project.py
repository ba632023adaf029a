"""One project: its settings, the rules it selects, what inference may look at, and what the checks of files rest on."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from async_lint.check import CheckError, Wanted, check
from async_lint.config import DEFAULT_SRC, Config, Extent
from async_lint.config_error import ConfigError
from async_lint.files.discovery import STUB, Found, discover, source_folders, source_roots
from async_lint.files.environment import environment, fault_of, site_packages
from async_lint.files.notebook import NOTEBOOK
from async_lint.files.patterns import Patterns, fault
from async_lint.files.ports import Files
from async_lint.files.source import Source
from async_lint.model import Diagnostic, OptionValue, Position
from async_lint.registry import PREFIX, RULES, by_code_or_name, fix_safety, ignores, options, selected, severities
from async_lint.rule import Rule
from async_lint.rules.unused_noqa import RULE as UNUSED_NOQA
from async_lint.rules.unused_noqa import unused_noqa

if TYPE_CHECKING:
    from async_lint.inference.entry import Inference, Library, Node, ProjectNames, Uses
    from async_lint.inference.entry import Project as Sources


class Noted(NamedTuple):
    """What was noted while files were checked."""

    uses: "Uses"
    names: "ProjectNames"


class Project:
    """One project: files with the same root. Raises ConfigError when its settings cannot be used."""

    def __init__(self, config: Config, files: Files, extent: Extent | None = None) -> None:
        _judge(config, files)
        self.config = config
        self.rules: tuple[Rule, ...] = selected(config)
        self.settings: Mapping[str, OptionValue] = options(config)
        self.fix_safety = fix_safety(config)
        self._severities = severities(config)
        self.site_packages = _site_packages(config, files)
        self.excludes = Patterns(config.root, [*config.exclude, *config.extend_exclude])
        self._ignores = [(Patterns(config.root, [pattern]), codes) for pattern, codes in ignores(config)]
        self._files = files
        self._checks: dict[str, Node] | None = None
        self._elsewhere: list[Noted] = []
        self.extent = extent or Extent(config.root, deep=True)

    @property
    def folder(self) -> Path:
        """The folder that holds all files of the project."""
        return self.extent.folder

    @cached_property
    def inference(self) -> "Inference":
        # A run that asks for the settings, or finds only files it cannot read, has no use for it.
        from async_lint.inference.entry import Inference

        return Inference(self._library(), self._sources())

    def prepare(self) -> None:
        """Learn of the project now what the check of any file asks, for processes that begin as copies of this one."""
        if self.rules:
            self.inference.prepare()

    def forget(self) -> None:
        self.__dict__.pop("inference", None)

    def take_notes(self) -> None:
        """Note from now on what the check of each file rests on."""
        self._checks = {}

    def noted(self) -> Noted:
        """Return what was noted, in this process and in those that told."""
        from async_lint.inference.entry import together, uses_of

        uses, names = uses_of(self._checks or {}), self.inference.names()
        for each in self._elsewhere:
            names = names.or_else(each.names)
        if self._elsewhere:
            uses = together([*(each.uses for each in self._elsewhere), uses])
        return Noted(uses, names)

    def learn(self, noted: Noted) -> None:
        """Take over what another process noted."""
        self._elsewhere.append(noted)

    def resting_on(
        self, uses: Sequence[str], names: str, before: Mapping[str, bytes], now: Mapping[str, bytes]
    ) -> set[str]:
        """Return the files whose checks rest on what is otherwise now that files have other texts.

        `uses` and `names` are what earlier runs noted, as it was kept. Raises an error of any kind for what none did.
        """
        from async_lint.inference.entry import Texts, names_of_text

        texts = {path: Texts(before[path], now[path]) for path in now}
        return self.inference.resting_on(uses, names_of_text(names), texts)

    def noted_after(self, uses: Sequence[str], names: str) -> tuple[str, str]:
        """Return what was noted, after what earlier runs did: what checks rest on, and the project's names.

        Raises an error of any kind for what no run noted.
        """
        from async_lint.inference.entry import names_of_text, together, uses_of_text

        mine = self.noted()
        learnt = mine.names.or_else(names_of_text(names)) if names else mine.names
        joined = together([*map(uses_of_text, uses), mine.uses]) if uses else mine.uses
        return joined.text(), learnt.text()

    def texts(self) -> Mapping[Path, bytes]:
        """Return what the project's files hold."""
        return self.inference.project.by_path()

    def _library(self) -> "Library":
        from async_lint.inference.entry import Library, Pins

        roots = source_roots(self.config.root, self.config.src, self._files)
        return Library(self._files, roots, self.site_packages, Pins(self.config.root, self._files))

    def _sources(self) -> "Sources":
        from async_lint.inference.entry import Project as Sources

        return Sources(self._files, self._paths)

    def _paths(self) -> Iterator[Path]:
        folder, deep = self.extent
        discovered = discover([str(folder)], self._files, lambda _: self.excludes, deep=deep)
        # Nothing imports a notebook, and its text is JSON.
        return (each.absolute for each in discovered if isinstance(each, Found) and each.absolute.suffix != NOTEBOOK)

    def parsed(self, path: Path, data: bytes) -> ast.Module | None:
        """Return the tree of a file with this content, if inference has had to read it already."""
        return self.inference.library.parsed(path, data) if "inference" in self.__dict__ else None

    def check(self, source: Source, path: Path, wanted: Wanted | None = None) -> list[Diagnostic]:
        """Return the findings of the file at the absolute `path`, `noqa` and `per-file-ignores` not regarded.

        Of all its lines, or of those that are `wanted`. A stub has none: it says what code looks like that runs
        elsewhere, and nothing in it runs.
        """
        if path.suffix == STUB:
            return []
        from async_lint.inference.entry import NOTES, Node

        node = None
        if self._checks is not None:
            node = self._checks[str(path)] = Node()
        with NOTES.of_check(node):
            view = self.inference.module(path, source.tree, source.text)
            try:
                return self.weighed(check(source, self.rules, self.settings, self.config.target_version, view, wanted))
            except CheckError as error:
                error.diagnostics[:] = self.weighed(error.diagnostics)
                raise
            finally:
                # A project's trees, all at once, are more than a small machine holds.
                view.close()

    def unused_noqa(self, source: Source, path: Path, found: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Return the findings of ASL901, if selected; `found` is all that the other rules find in the file."""
        if UNUSED_NOQA not in self.rules or path.suffix == STUB:
            return []
        ignored = self.ignored(path)
        looked_for = {rule.code for rule in self.rules if rule.code not in ignored}

        def judged(code: str) -> bool:
            code = code.upper()
            # What covers this rule's own findings would be needed by the finding that says it is not.
            if not code.startswith(PREFIX) or UNUSED_NOQA.code.startswith(code):
                return False
            return all(rule.code in looked_for for rule in RULES if rule.code.startswith(code))

        return self.weighed(list(unused_noqa(source, found, judged)))

    def weighed(self, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
        """Return findings with the severities that the settings give to their rules."""
        if not self._severities:
            return diagnostics
        return [replace(each, severity=self._severities.get(each.code, each.severity)) for each in diagnostics]

    def explain_calls(self, source: Source, path: Path, line: int, column: int | None = None) -> list[str]:
        """Return lines of text about the calls on a line of the file at the absolute `path`; none where none is.

        With a column, only about the call whose callee stands there.
        """
        from async_lint.inference.entry import explained

        byte_column = None if column is None else source.byte_column(Position(line, column))
        sources = self.inference.project
        return list(explained(self._unasked, sources, path, source.tree, source.text, line, byte_column))

    @cached_property
    def _unasked(self) -> "Library":
        # An answer that was kept has no steps to tell: what explains reads the modules itself.
        return self._library()

    def explain_loops(self, source: Source, path: Path, line: int) -> tuple[list[str], list[int]]:
        """Return lines of text about the loops on a line of a file, and the lines on which it has any."""
        from async_lint.inference.entry import explained_loops
        from async_lint.inference.face import Tier
        from async_lint.rules._loops.reported_loop import IN_TESTS

        view = self.inference.module(path, source.tree, source.text)
        reported = {Tier.SHOWN: self._reports("ASL201", path), Tier.PLAUSIBLE: self._reports("ASL204", path)}
        tests = "" if self.settings[IN_TESTS.key] else f"`{IN_TESTS.key} = true`"
        return explained_loops(view, source.tree, line, reported, tests)

    def _reports(self, code: str, path: Path) -> str:
        """Return whether a rule reports what it finds in a file, as a clause."""
        rule = by_code_or_name(code)
        assert rule is not None
        if rule not in self.rules:
            why = "is not selected" if rule.default else "is off by default"
            return f"would be reported by {code}, which {why}"
        return f"is reported by {code}" + (", which is ignored in this file" if code in self.ignored(path) else "")

    def ignored(self, path: Path) -> frozenset[str]:
        """Return the codes that `per-file-ignores` ignores in the file at the absolute `path`."""
        return frozenset().union(*(codes for patterns, codes in self._ignores if patterns.match(path)))


def _site_packages(config: Config, files: Files) -> tuple[Path, ...]:
    if config.python is None:
        venv = environment(config.root, files)
        return site_packages(venv, files) if venv else ()
    if wrong := fault_of(config.python, files):
        raise ConfigError(f"{config.label}: `python`: {wrong}")
    return site_packages(config.python, files)


def _judge(config: Config, files: Files) -> None:
    """Raise ConfigError for a pattern that can match nothing, and for a source folder that is not there."""
    ignored = tuple(pattern for pattern, _ in config.per_file_ignores)
    keys = {"exclude": config.exclude, "extend-exclude": config.extend_exclude, "per-file-ignores": ignored}
    for key, patterns in keys.items():
        for pattern in patterns:
            if wrong := fault(pattern):
                raise ConfigError(f"{config.label}: `{key}`: the pattern `{pattern}` {wrong}")
    # With --config one file serves several roots, and not each has all the folders.
    if config.file is None or config.file.parent != config.root or config.src == DEFAULT_SRC:
        return
    for entry in config.src:
        if not source_folders(config.root, entry, files):
            raise ConfigError(f"{config.label}: `src`: there is no folder `{entry}` in {config.root}")
