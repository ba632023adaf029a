"""What a run found, and what it changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from async_lint.model import Diagnostic


class Change(NamedTuple):
    """A file that fixes change."""

    path: str
    before: bytes
    after: bytes


class Suppressed(NamedTuple):
    """A finding that is not reported, and what keeps it back."""

    diagnostic: Diagnostic
    reason: str


@dataclass(slots=True)
class Report:
    """What a run found: `diagnostics` that are left, `applied` that were fixed, files in the order of the walk.

    `uncovered` of the applied were no findings, or none that could be fixed, before other fixes were made.

    `sources` holds the lines of each file with diagnostics. `errors` are sentences about paths that do not exist,
    settings that are wrong, files that could not be written, and crashes; `warnings` of comments that mean
    something else than they say.
    """

    diagnostics: list[Diagnostic] = field(default_factory=list)
    applied: list[Diagnostic] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    sources: dict[str, Sequence[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    files: int = 0
    uncovered: int = 0

    def add(self, other: "Report") -> None:
        """Let what another run found follow."""
        self.diagnostics += other.diagnostics
        self.applied += other.applied
        self.suppressed += other.suppressed
        self.changes += other.changes
        self.sources.update(other.sources)
        # The files of a project share its settings: a fault in them is told once.
        self.errors += [error for error in other.errors if error not in self.errors]
        self.warnings += other.warnings
        self.files += other.files
        self.uncovered += other.uncovered
