"""What a fix changes, as the lines before and after."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from async_lint.files.lines import split_lines
from async_lint.model import Edit
from async_lint.reporters.html.markup import text

# A longer line is no help to a reader.
_LONGEST = 400
_SIGNS = {"-": "del", "+": "ins"}


def changed(edits: Sequence[Edit], lines: Sequence[str]) -> str:
    """Return a small diff of the edits, which do not overlap; empty where they do not fit the lines."""
    if not edits or max(edit.span.end.line for edit in edits) > len(lines) + 1:
        return ""
    rows = [row for group in _groups(sorted(edits, key=lambda edit: edit.span)) for row in _rows(group, lines)]
    return f'<pre><span class="rows">{"".join(rows)}</span></pre>\n' if rows else ""


def _groups(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Yield the edits that touch the same lines together."""
    group: list[Edit] = []
    for edit in edits:
        if group and edit.span.start.line > group[-1].span.end.line:
            yield group
            group = []
        group.append(edit)
    yield group


def _rows(edits: Sequence[Edit], lines: Sequence[str]) -> Iterator[str]:
    first, last = edits[0].span.start.line, edits[-1].span.end.line
    before = lines[first - 1 : last]
    after = split_lines(_apply(edits, before, first))
    for tag, old, old_end, new, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (_row(" ", line) for line in before[old:old_end])
        else:
            yield from (_row("-", line) for line in before[old:old_end])
            yield from (_row("+", line) for line in after[new:new_end])


def _apply(edits: Sequence[Edit], lines: Sequence[str], first: int) -> str:
    pieces: list[str] = []
    line, column = 0, 0
    for (start, end), content, _ in edits:
        pieces += (_between(lines, (line, column), (start.line - first, start.column)), content)
        line, column = end.line - first, end.column
    return "".join([*pieces, _between(lines, (line, column), (len(lines), 0))])


def _between(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    (first, left), (last, right) = start, end
    if first == last:
        return lines[first][left:right] if first < len(lines) else ""
    tail = lines[last][:right] if last < len(lines) else ""
    return "".join([*(lines[first : first + 1] and [lines[first][left:]]), *lines[first + 1 : last], tail])


def _row(sign: str, line: str) -> str:
    shown = line.rstrip("\r\n")
    shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
    row = f"{sign} {text(shown)}\n"
    return f"<{_SIGNS[sign]}>{row}</{_SIGNS[sign]}>" if sign in _SIGNS else row
