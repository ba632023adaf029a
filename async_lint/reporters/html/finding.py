"""A finding: the message, the lines it speaks of, what would mend it and, for ASL2, a picture of the awaits."""

from collections.abc import Sequence
from typing import NamedTuple

from async_lint.model import Applicability, Diagnostic, Fix, Span
from async_lint.reporters.html.changed_lines import changed
from async_lint.reporters.html.markup import element, text
from async_lint.reporters.html.timeline import timeline
from async_lint.reporters.text import place

# Lines shown before and after those of the finding, and how many of its own.
_AROUND = 2
_MOST = 12
# Of a line longer than this, only the neighbourhood of the place is shown.
_LONGEST = 240
_BEFORE = 60

_HOW = {
    Applicability.SAFE: "`--fix` makes this change",
    Applicability.UNSAFE: "`--fix --unsafe-fixes` makes this change",
    Applicability.DISPLAY: "to be done by hand",
}


class Numbered(NamedTuple):
    """A finding and its number on the page, from 1 up."""

    number: int
    diagnostic: Diagnostic

    @property
    def anchor(self) -> str:
        return f"finding-{self.number}"


def article(each: Numbered, lines: Sequence[str]) -> str:
    diagnostic = each.diagnostic
    code, severity = text(diagnostic.code), text(diagnostic.severity.value)
    head = f'<a href="#{code}">{code} {text(diagnostic.name)}</a> <span class="{severity}">{severity}</span>'
    where = f'<span class="place">{text(place(diagnostic))}</span>'
    parts = [
        f"<h4>{head} {where}</h4>\n",
        element("p", diagnostic.message) + "\n",
        _source(diagnostic, lines),
        _fix(diagnostic.fix, lines),
        timeline(diagnostic),
    ]
    attributes = f'id="{each.anchor}" data-rule="{code}" data-file="{text(diagnostic.path)}" data-severity="{severity}"'
    return f"<article {attributes}>{''.join(parts)}</article>\n"


def _source(diagnostic: Diagnostic, lines: Sequence[str]) -> str:
    span, above = diagnostic.span, diagnostic.cell.before if diagnostic.cell else 0
    first, last = span.start.line, min(span.end.line, span.start.line + _MOST - 1)
    if first > len(lines):
        return ""
    shown = range(max(above + 1, first - _AROUND), min(len(lines), last + _AROUND) + 1)
    digits = len(str(shown[-1] - above))
    rows = [
        f'<span class="number">{number - above:>{digits}}</span> {_line(number, span, lines)}\n' for number in shown
    ]
    return f'<pre class="source">{"".join(rows)}</pre>\n'


def _line(number: int, span: Span, lines: Sequence[str]) -> str:
    line = lines[number - 1].rstrip("\r\n")
    start, end = _marked(number, span, line)
    left = max(0, start - _BEFORE) if len(line) > _LONGEST else 0
    right = min(len(line), left + _LONGEST)
    end = min(end, right)
    mark = f"<mark>{text(line[start:end])}</mark>" if start < end else ""
    shown = f"{text(line[left:start])}{mark}{text(line[max(start, end) : right])}"
    return f"{'…' if left else ''}{shown}{'…' if right < len(line) else ''}"


def _marked(number: int, span: Span, line: str) -> tuple[int, int]:
    """Return from where to where a line belongs to the finding."""
    if not span.start.line <= number <= span.end.line:
        return 0, 0
    start = span.start.column if number == span.start.line else len(line) - len(line.lstrip())
    return start, span.end.column if number == span.end.line else len(line.rstrip())


def _fix(fix: Fix | None, lines: Sequence[str]) -> str:
    if fix is None:
        return ""
    title = element("p", f"{fix.title}: {_HOW[fix.applicability]}.", class_="fix")
    return f"{title}\n{changed(fix.edits, lines)}"
