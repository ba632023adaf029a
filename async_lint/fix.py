"""Fixes applied to a file's text, checked again, and taken back where they harm."""

import ast
import sys
import tokenize
import warnings
from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from async_lint.files.source import Source, UnreadableError, read_source
from async_lint.files.suppression import comment_tokens
from async_lint.model import Applicability, Diagnostic, Edit
from async_lint.rules.unused_noqa import RULE as UNUSED_NOQA

# Fixes may make room for others. What needs more rounds than this does not converge.
MAX_PASSES = 10

# An `await` that was missing may stand in a loop, or wait without a deadline: it did so before, unseen. And what a
# comment suppressed may be gone.
_UNCOVERED = ("ASL2", "ASL5", UNUSED_NOQA.code)

Recheck = Callable[[Source], list[Diagnostic]]


class Fixed(NamedTuple):
    """`source` after the fixes, the findings that were `applied` (where they stood then), and those that remain."""

    source: Source
    applied: list[Diagnostic]
    remaining: list[Diagnostic]


class _State(NamedTuple):
    """A text and its findings. `refused`: codes and offsets of those whose fix was taken back."""

    source: Source
    found: list[Diagnostic]
    refused: frozenset[tuple[str, int]] = frozenset()


def fix(source: Source, diagnostics: Sequence[Diagnostic], recheck: Recheck, unsafe: bool) -> Fixed:
    """Apply the safe fixes, and the unsafe ones if asked, until nothing changes.

    `recheck` returns the findings of a changed text, filtered as `diagnostics` are. Fixes that touch wait for the
    next pass. A fix is taken back whose result does not compile as the file did, lacks a comment (other than one that
    ASL901 is about), still has the finding, or has a new one (one about the `await` that a fix put there aside).
    """
    state = _State(source, list(diagnostics))
    applied: list[Diagnostic] = []
    if not _round_trips(source):
        return Fixed(source, applied, state.found)
    for _ in range(MAX_PASSES):
        batch = _apart(_candidates(state, unsafe), state.source)
        if not batch:
            break
        accepted, after = _most(batch, [], state, state, recheck)
        edits = _edits(accepted)
        done = set(map(id, accepted))
        refused = {
            *state.refused,
            *(_key(diagnostic, state.source) for diagnostic in batch if id(diagnostic) not in done),
        }
        moved = _moves(edits, state.source)
        # What was refused is not tried again, though the edits before it have moved it.
        state = after._replace(refused=frozenset((code, moved(at)) for code, at in refused))
        applied += accepted
    return Fixed(state.source, applied, state.found)


def apply(source: Source, edits: Sequence[Edit]) -> str:
    """Return the text with edits, which do not overlap, made in it; insertions at one place keep their order."""
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        start, end = _offsets(edit, source)
        pieces += (source.text[done:start], edit.content)
        done = end
    return "".join([*pieces, source.text[done:]])


def _candidates(state: _State, unsafe: bool) -> list[Diagnostic]:
    wanted = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    fixable = [
        diagnostic
        for diagnostic in state.found
        if diagnostic.fix is not None and diagnostic.fix.applicability in wanted
    ]
    return sorted(
        (diagnostic for diagnostic in fixable if _key(diagnostic, state.source) not in state.refused),
        key=lambda diagnostic: diagnostic.span,
    )


def _apart(diagnostics: Sequence[Diagnostic], source: Source) -> list[Diagnostic]:
    """Return those whose edits neither overlap nor touch those of an earlier one."""
    taken: list[tuple[int, int]] = []
    chosen = []
    for diagnostic in diagnostics:
        spans = [_offsets(edit, source) for edit in _edits([diagnostic])]
        if not any(_touches(span, taken) for span in spans):
            chosen.append(diagnostic)
            for span in spans:
                insort(taken, span)
    return chosen


def _touches(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a span overlaps or touches one of those `taken`, which are sorted and lie apart, or are one fix's."""
    index = bisect_right(taken, (span[1], sys.maxsize))
    return index > 0 and taken[index - 1][1] >= span[0]


def _most(
    batch: list[Diagnostic], accepted: list[Diagnostic], so_far: _State, state: _State, recheck: Recheck
) -> tuple[list[Diagnostic], _State]:
    """Return `accepted` and as much of `batch` as does no harm to `state`, with what comes of it."""
    after = _attempt([*accepted, *batch], state, recheck)
    if after is not None:
        return [*accepted, *batch], after
    if len(batch) == 1:
        return accepted, so_far
    # An attempt costs a check of the file: halves find one harmful fix of a hundred in a dozen or so.
    middle = len(batch) // 2
    accepted, so_far = _most(batch[:middle], accepted, so_far, state, recheck)
    return _most(batch[middle:], accepted, so_far, state, recheck)


def _attempt(batch: Sequence[Diagnostic], state: _State, recheck: Recheck) -> _State | None:
    before = state.source
    try:
        after = read_source(before.path, before.encode(apply(before, _edits(batch))))
    except (UnreadableError, UnicodeEncodeError):
        return None
    # `ast.parse` lets pass what the compiler refuses, such as an `await` outside of any function.
    if not _keeps_comments(before, after, batch) or (_compiles(before) and not _compiles(after)):
        return None
    diagnostics = recheck(after)
    # Compared by number and not by place: a fix moves what stands after it.
    allowed = Counter(diagnostic.code for diagnostic in state.found)
    allowed.subtract(diagnostic.code for diagnostic in batch)
    new = (
        code for code, count in Counter(diagnostic.code for diagnostic in diagnostics).items() if count > allowed[code]
    )
    harmless = all(code.startswith(_UNCOVERED) for code in new)
    return _State(after, diagnostics) if harmless else None


def _edits(diagnostics: Sequence[Diagnostic]) -> list[Edit]:
    return [edit for diagnostic in diagnostics if diagnostic.fix is not None for edit in diagnostic.fix.edits]


def _offsets(edit: Edit, source: Source) -> tuple[int, int]:
    return source.offset(edit.span.start), source.offset(edit.span.end)


def _key(diagnostic: Diagnostic, source: Source) -> tuple[str, int]:
    return diagnostic.code, source.offset(diagnostic.span.start)


def _moves(edits: Sequence[Edit], source: Source) -> Callable[[int], int]:
    """Return what tells where the text at an offset stands after the edits."""
    spans = sorted((*_offsets(edit, source), len(edit.content)) for edit in edits)
    ends = [end for _, end, _ in spans]
    shifts = list(accumulate((length - (end - start) for start, end, length in spans), initial=0))
    return lambda offset: offset + shifts[bisect_right(ends, offset)]


def _round_trips(source: Source) -> bool:
    """Whether text and bytes are one: some encodings have several ways to write a character."""
    try:
        return source.encode(source.text) == source.data
    except UnicodeError:
        return False


def _keeps_comments(before: Source, after: Source, batch: Sequence[Diagnostic]) -> bool:
    """Whether every comment is still there, those aside that fixes of `batch` are about."""
    about = {edit.span.start.line for edit in _edits([each for each in batch if each.code == UNUSED_NOQA.code])}
    try:
        kept = Counter(token.string for token in comment_tokens(before.lines) if token.start[0] not in about)
        return kept <= Counter(token.string for token in comment_tokens(after.lines))
    except (tokenize.TokenError, SyntaxError):
        return False


def _compiles(source: Source) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # IPython runs a cell as the body of a coroutine function where it awaits something.
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if source.notebook is not None else 0
            compile(source.text, source.path, "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
