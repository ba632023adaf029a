"""What changes one text into another, as the protocol's edits."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from lsprotocol.types import TextEdit

from async_lint.files.lines import split_lines
from async_lint.lsp.positions import Places
from async_lint.model import Edit, Fix, Position, Span


def text_edits(before: Sequence[str], after: str, places: Places) -> list[TextEdit]:
    """Return the edits, of whole lines, that make a text of the lines `before`: no more than differ.

    An editor keeps its marks and its cursor where nothing is replaced.
    """
    return [_text_edit(edit, places) for edit in _changed(before, split_lines(after))]


def edits_of(fix: Fix, places: Places) -> list[TextEdit]:
    return [_text_edit(edit, places) for edit in fix.edits]


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Edit]:
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            span = Span(_start_of(start, before), _start_of(end, before))
            yield Edit(span, "".join(after[new_start:new_end]))


def _start_of(index: int, lines: Sequence[str]) -> Position:
    # Behind the last line there may be no other one.
    if index == len(lines) and lines and not lines[-1].endswith(("\n", "\r")):
        return Position(index, len(lines[-1]))
    return Position(index + 1, 0)


def _text_edit(edit: Edit, places: Places) -> TextEdit:
    return TextEdit(places.range(edit.span), edit.content)
