"""The values that every layer shares: plain, frozen, picklable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

# What a setting of a rule may be; a list of strings comes as a tuple.
OptionValue = bool | int | float | str | tuple[str, ...] | None

# The lines of each file, by the path that its diagnostics carry; a file that could not be read has none.
Sources = Mapping[str, Sequence[str]]


class Position(NamedTuple):
    """A place in a text: `line` is one-based, `column` zero-based and counted in characters."""

    line: int
    column: int


class Span(NamedTuple):
    """A stretch of text from `start` up to, not including, `end`."""

    start: Position
    end: Position


class Cell(NamedTuple):
    """Where something is in a notebook: the cell's number among all cells, one-based.

    Spans count all code cells as one module: `before` lines of it stand above the cell. `file_line` is the line of the
    notebook's JSON.
    """

    number: int
    before: int
    file_line: int


class Edit(NamedTuple):
    """Replace the text at `span` with `content`; an empty span inserts. `cell` is where it is in a notebook."""

    span: Span
    content: str
    cell: Cell | None = None


class Applicability(Enum):
    """Who may apply a fix: `--fix` (safe), `--fix --unsafe-fixes` (unsafe), nobody (display)."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class Fix:
    """A remedy: `title` says in the imperative what it does; the edits do not overlap."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability


class Severity(Enum):
    """How much a finding weighs: a project may say so by rule. What is `INFO` fails no run."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding in one file.

    `path` is as the user gave it. `noqa_line` is the one-based line whose `# noqa` comment covers the finding. `cell`
    is where it is in a notebook.
    """

    path: str
    code: str
    name: str
    message: str
    span: Span
    noqa_line: int
    fix: Fix | None = None
    severity: Severity = Severity.WARNING
    cell: Cell | None = None


UNCHECKED = "ASL900"  # its findings say that a file, or a part of it, could not be checked


def is_unchecked(diagnostic: Diagnostic) -> bool:
    """Whether a finding says that something could not be checked: nobody can tell what is in it."""
    return diagnostic.code == UNCHECKED


class FixAvailability(Enum):
    """Whether a rule's findings carry a fix that can be applied."""

    NONE = "none"
    SOMETIMES = "sometimes"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What faces show of a rule: never how it works."""

    code: str
    name: str
    summary: str
    default: bool
    fix: FixAvailability
