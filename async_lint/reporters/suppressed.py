"""Findings that a comment or a setting keeps back, and which."""

from collections.abc import Sequence

from async_lint.model import Diagnostic
from async_lint.reporters.text import escape, paint, place


def render(suppressed: Sequence[tuple[Diagnostic, str]], colour: bool) -> str:
    """Return a line for each finding with the reason for its silence."""
    lines = [
        f"{place(diagnostic)}: {diagnostic.code} {escape(diagnostic.message)} (suppressed: {reason})"
        for diagnostic, reason in suppressed
    ]
    return "".join(paint(line, "2", colour) + "\n" for line in lines)
