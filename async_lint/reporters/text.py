"""What the formats for people share: escapes, widths, colours and the closing line."""

import unicodedata
from collections.abc import Sequence
from typing import Protocol

from async_lint.model import Applicability, Diagnostic, Severity, Sources

# They make a line look other than it runs: https://trojansource.codes
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Reporter(Protocol):
    """Turns diagnostics into text that ends with a newline, empty when there are none (JSON: an empty list)."""

    def __call__(self, diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool) -> str: ...


class WholeReporter(Protocol):
    """As a Reporter; `errors` are sentences about what kept the run from being whole."""

    def __call__(
        self, diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool, errors: Sequence[str]
    ) -> str: ...


def escape(text: str) -> str:
    """Return `text` with whatever could drive a terminal written out: `\\x1b` for an escape, and so on."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(escape_character, text))


def escape_character(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        # A byte of a file name that is not in the file system's encoding.
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _BIDIRECTIONAL:
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return character


def width(text: str) -> int:
    """Return how many terminal cells `text` takes."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def paint(text: str, style: str, colour: bool) -> str:
    """Return `text` in an ANSI style such as `1;31`, or as it is without `colour`."""
    return f"\x1b[{style}m{text}\x1b[0m" if colour else text


def paint_code(diagnostic: Diagnostic, colour: bool) -> str:
    """Return the finding's code in the colour of its severity."""
    return paint(diagnostic.code, "1;36" if diagnostic.severity is Severity.INFO else "1;31", colour)


def place(diagnostic: Diagnostic) -> str:
    """Return `path:line:column`, the column one-based, or `path:cell 2:line:column`."""
    cell = f"cell {diagnostic.cell.number}:" if diagnostic.cell else ""
    return f"{escape(diagnostic.path)}:{cell}{row(diagnostic)}:{diagnostic.span.start.column + 1}"


def row(diagnostic: Diagnostic) -> int:
    """Return the line that a finding begins on: of its file, or of its cell."""
    return diagnostic.span.start.line - (diagnostic.cell.before if diagnostic.cell else 0)


def file_line(diagnostic: Diagnostic) -> int:
    """Return the line of the file that a finding begins on: in a notebook, the one of its JSON."""
    return diagnostic.cell.file_line if diagnostic.cell else diagnostic.span.start.line


def with_cell(diagnostic: Diagnostic) -> str:
    """Return the message for who is shown a line of the file: in a notebook, it begins with the cell."""
    if diagnostic.cell is None:
        return diagnostic.message
    return f"cell {diagnostic.cell.number}, line {row(diagnostic)}: {diagnostic.message}"


def summary(remaining: Sequence[Diagnostic], applied: int, unsafe: bool, uncovered: int = 0) -> str:
    """Return the sentence that closes a report.

    `applied` fixes were made, `unsafe` ones were allowed; `uncovered` of them are of problems that other fixes brought
    to light.
    """
    if not remaining:
        return f"Fixed {fixes(applied, uncovered)}, none left." if applied else "No problems found."
    parts = [f"{applied} fixed, {len(remaining)} left"] if applied else []
    if uncovered:
        parts.append(f"{uncovered} uncovered by the fixes")
    if infos := sum(diagnostic.severity is Severity.INFO for diagnostic in remaining):
        parts.append(f"{infos} of severity info")
    offer = _offer(remaining, unsafe)
    if offer:
        parts.append(offer)
    closing = f" ({'; '.join(parts)})" if parts else ""
    return f"Found {count(applied + len(remaining))}{closing}."


def fixes(applied: int, uncovered: int) -> str:
    """Return `3 problems`, or `2 problems and 1 that the fixes uncovered`: a run without fixes tells of two."""
    problems = count(applied - uncovered)
    return f"{problems} and {uncovered} that the fixes uncovered" if uncovered else problems


def count(number: int, thing: str = "problem") -> str:
    """Return `1 problem`, `2 problems`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _offer(diagnostics: Sequence[Diagnostic], unsafe: bool) -> str:
    kinds = [diagnostic.fix.applicability for diagnostic in diagnostics if diagnostic.fix]
    safe, risky = kinds.count(Applicability.SAFE), kinds.count(Applicability.UNSAFE)
    if unsafe:
        safe, risky = safe + risky, 0
    parts = [f"{safe} fixable with --fix"] if safe else []
    if risky:
        parts.append(f"{risky} {'more with' if safe else 'fixable with --fix'} --unsafe-fixes")
    return ", ".join(parts)
