"""A finding with the source it speaks of: the line, a caret under the place, and what would mend it."""

from collections.abc import Sequence
from functools import lru_cache

from async_lint.model import Applicability, Diagnostic, Sources
from async_lint.reporters.text import escape, escape_character, paint, paint_code, place, row, width

_TAB = 4
# Of a line longer than this, only the neighbourhood of the place is shown.
_LONGEST = 160
_BEFORE = 40

_HOW = {
    Applicability.SAFE: "--fix",
    Applicability.UNSAFE: "--fix --unsafe-fixes",
    Applicability.DISPLAY: "by hand",
}


def render(diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool) -> str:
    return "\n".join(_block(diagnostic, sources.get(diagnostic.path, ()), colour) for diagnostic in diagnostics)


def _block(diagnostic: Diagnostic, lines: Sequence[str], colour: bool) -> str:
    title = f"{paint_code(diagnostic, colour)} {paint(f'[{diagnostic.name}]', '2', colour)}"
    rows = [f"{paint(place(diagnostic), '1', colour)}: {title} {escape(diagnostic.message)}"]
    number = diagnostic.span.start.line
    shown_number = str(row(diagnostic))
    gutter = " " * len(shown_number)
    bar = paint("|", "34", colour)
    if number <= len(lines):
        shown, underline = _excerpt(diagnostic, lines[number - 1])
        rows += [
            f"{gutter} {bar}",
            f"{paint(shown_number, '34', colour)} {bar} {shown}".rstrip(),
            f"{gutter} {bar} {paint(underline, '1;31', colour)}",
        ]
    if diagnostic.fix:
        how = f"({_HOW[diagnostic.fix.applicability]})"
        help_ = paint("help:", "1;36", colour)
        rows.append(f"{gutter} {paint('=', '34', colour)} {help_} {escape(diagnostic.fix.title)} {how}")
    return "\n".join(rows) + "\n"


def _excerpt(diagnostic: Diagnostic, line: str) -> tuple[str, str]:
    """Return the line as a terminal shows it, and the carets that go under it."""
    (first, start), (last, end) = diagnostic.span
    cells, visible = _cells(line)
    stop = end if first == last else visible
    left, right = 0, len(cells)
    if right > _LONGEST:
        left = max(0, start - _BEFORE)
        right = min(right, left + _LONGEST)
    before = "".join(cells[left:start])
    marked = "".join(cells[start : min(stop, right)])
    head, tail = "…" if left else "", "…" if right < len(cells) else ""
    carets = " " * (width(head) + width(before)) + "^" * max(1, width(marked))
    return head + "".join(cells[left:right]) + tail, carets


# A line may be a megabyte long and have a thousand findings.
@lru_cache(maxsize=1)
def _cells(line: str) -> tuple[list[str], int]:
    """Return what is shown for each character, and the length without blanks at the end.

    A tab is shown as spaces, a control character as its escape.
    """
    shown: list[str] = []
    column = 0
    for character in line.rstrip("\r\n"):
        text = " " * (_TAB - column % _TAB) if character == "\t" else escape_character(character)
        column += width(text)
        shown.append(text)
    return shown, len(line.rstrip())
