"""Findings of a run that are not reported: those of a baseline, and those on lines that were not changed."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from async_lint.baseline import Baseline, can_be_accepted
from async_lint.config_error import ConfigError
from async_lint.files.absolute import absolute
from async_lint.files.parts import Part
from async_lint.files.ports import Files
from async_lint.model import Diagnostic
from async_lint.projects import Projects
from async_lint.report import Report, Suppressed


def keep_back(report: Report, reason: str, unwanted: Iterable[Diagnostic]) -> None:
    """Move findings of the report to those that are suppressed."""
    # By identity: two findings may be equal, and one of them wanted.
    numbers = set(map(id, unwanted))
    report.suppressed += [Suppressed(each, reason) for each in report.diagnostics if id(each) in numbers]
    report.diagnostics = [each for each in report.diagnostics if id(each) not in numbers]


def apply_baselines(
    report: Report, projects: Projects, paths: Sequence[Path], files: Files, part: Part | None = None
) -> list[str]:
    """Keep back what the projects' baselines have; return a sentence for each that has entries for nothing.

    `paths` are what was to be checked, or a `part` of that. Raises ConfigError for a baseline that cannot be read.
    """

    def looked_at(path: Path) -> bool:
        return any(path.is_relative_to(each) for each in paths) and (part is None or part.has(path))

    def looked_for(path: Path, code: str) -> bool:
        try:
            return any(rule.code == code for rule in projects.of(path).rules)
        except ConfigError:
            return False

    by_baseline: dict[Path, list[Diagnostic]] = {file: [] for file in projects.baselines()}
    for diagnostic in filter(can_be_accepted, report.diagnostics):
        if file := projects.of(absolute(diagnostic.path)).config.baseline:
            by_baseline.setdefault(file, []).append(diagnostic)
    sentences = []
    for file, found in sorted(by_baseline.items()):
        baseline = Baseline(file, files)
        known = baseline.known(found, report.sources, looked_at)
        keep_back(report, f"baseline {file.name}", (found[number] for number in known))
        if stale := baseline.stale(looked_at, looked_for):
            entries = "1 problem that is" if stale == 1 else f"{stale} problems that are"
            sentences.append(f"{file}: the baseline has {entries} not there any more; --write-baseline leaves them out")
    return sentences
