"""Where the lines of a text stand after it was edited, and the findings on them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from async_lint.model import Diagnostic, Edit, Fix, Position, Span


class LineMap:
    """Two texts that begin and end alike. Lines are counted from 1; what lies between is `changed`."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        shorter = min(len(before), len(after))
        self._head = _alike(before, after, shorter)
        tail = _alike(before[::-1], after[::-1], shorter - self._head)
        self._before_end = len(before) - tail
        self._after_end = len(after) - tail

    def is_same(self, first: int, last: int) -> bool:
        """Whether the lines of the text after, from `first` to `last`, are all as they were."""
        return last <= self._head or first > self._after_end

    def moved(self, diagnostic: Diagnostic) -> Diagnostic | None:
        """Return a finding of the text before as it stands in the text after; None where its lines were changed.

        A fix that reaches into changed lines is left out: it was made for another text.
        """
        span, noqa_line = self._span(diagnostic.span), self._line(diagnostic.noqa_line)
        if span is None or noqa_line is None:
            return None
        return replace(diagnostic, span=span, noqa_line=noqa_line, fix=self._fix(diagnostic.fix))

    def _fix(self, fix: Fix | None) -> Fix | None:
        edits = [(self._span(edit.span), edit.content) for edit in fix.edits] if fix is not None else []
        if fix is None or any(span is None for span, _ in edits):
            return None
        return replace(fix, edits=tuple(Edit(span, content) for span, content in edits if span is not None))

    def _span(self, span: Span) -> Span | None:
        start, end = self._line(span.start.line), self._line(span.end.line)
        # Both ends may be as they were, and what lies between not.
        if start is None or end is None or end - start != span.end.line - span.start.line:
            return None
        return Span(Position(start, span.start.column), Position(end, span.end.column))

    def _line(self, line: int) -> int | None:
        if line <= self._head:
            return line
        return line + self._after_end - self._before_end if line > self._before_end else None


def _alike(one: Sequence[str], other: Sequence[str], most: int) -> int:
    pairs = zip(one[:most], other[:most], strict=True)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
