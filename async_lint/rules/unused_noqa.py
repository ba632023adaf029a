"""ASL901: a code in a `noqa` comment that suppresses nothing. There is nothing to visit: the engine asks for it."""

from collections.abc import Callable, Iterator, Sequence

from async_lint.files.source import Source
from async_lint.files.suppression import Mark, comments, marks
from async_lint.model import Applicability, Diagnostic, Edit, Fix, FixAvailability, Position, Span
from async_lint.rule import Rule

RULE = Rule(
    code="ASL901",
    name="unused-noqa",
    summary="code in a `noqa` comment suppresses nothing",
    fix=FixAvailability.ALWAYS,
    # What is found depends on the packages that are installed: a comment may be needed where others are.
    default=False,
)


def unused_noqa(source: Source, found: Sequence[Diagnostic], judged: Callable[[str], bool]) -> Iterator[Diagnostic]:
    """Yield a finding for each `noqa` comment with codes that cover none of `found`, the findings of the file.

    `judged` says of a code whether every rule that it covers was looked for; other tools' codes are none of ours.
    """
    known = comments(source.lines) if "noqa" in source.text.lower() else {}
    if not known:
        return
    for mark in marks(source.lines):
        column, comment = known.get(mark.line, (0, ""))
        if mark.codes is None or not comment or mark.column < column:
            continue
        here = {diagnostic.code for diagnostic in found if diagnostic.noqa_line in mark.covers}
        useless = [code for code in mark.codes if judged(code) and not any(each.startswith(code) for each in here)]
        if useless:
            yield _diagnostic(source, mark, tuple(dict.fromkeys(useless)), column + len(comment))


def _diagnostic(source: Source, mark: Mark, useless: tuple[str, ...], end: int) -> Diagnostic:
    span = Span(Position(mark.line, mark.column), Position(mark.line, mark.column + len(mark.text.rstrip(", \t\r\n"))))
    codes, verb = " and ".join(useless), "suppresses" if len(useless) == 1 else "suppress"
    first, last = mark.covers[0], mark.covers[-1]
    lines = "on this line" if first == last else f"on lines {first} to {last}"
    message = f"{codes} in `{mark.text.strip()}` {verb} nothing: nothing of that kind is found {lines}"
    fix = _removal(source, mark, end) if set(useless) == set(mark.codes or ()) else _without(mark, useless)
    return Diagnostic(source.path, RULE.code, RULE.name, message, span, mark.line, fix)


def _removal(source: Source, mark: Mark, end: int) -> Fix:
    """Return the fix that removes the whole of a mark, from a comment that ends at column `end` of its line."""
    line = source.lines[mark.line - 1]
    before, rest = line[: mark.column], line[mark.column + len(mark.text) : end].strip()
    start = len(before) if rest else len(before.rstrip())
    stop = Position(mark.line, end)
    if not before.strip() and not rest:
        # A line of its own goes with it.
        start, stop = 0, Position(mark.line, len(line))
    kept = rest if not rest or rest.startswith("#") or before.rstrip().endswith("#") else f"# {rest}"
    return Fix("Remove the comment", (Edit(Span(Position(mark.line, start), stop), kept),), Applicability.SAFE)


def _without(mark: Mark, useless: tuple[str, ...]) -> Fix:
    head, colon, listed = mark.text.partition(":")
    blank = listed[: len(listed) - len(listed.lstrip())]
    start = mark.column + len(head) + len(colon) + len(blank)
    separator = ", " if ", " in listed or "," not in listed else ","
    kept = separator.join(code for code in mark.codes or () if code not in useless)
    end = mark.column + len(mark.text.rstrip(", \t\r\n"))
    span = Span(Position(mark.line, start), Position(mark.line, end))
    return Fix(f"Remove {' and '.join(useless)}", (Edit(span, kept),), Applicability.SAFE)
