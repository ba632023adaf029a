"""Every fix: it makes what its fixture says, its result is clean and stable, and no comment is lost."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from async_lint.model import Applicability, Diagnostic
from tests.harness import Case, Outcome, cases, comments, differences, edited, is_applicable

CASES = [case for case in cases() if not case.too_new]
# Each fix is applied alone, and compiles. Of those of one kind in a file, so many have the program checked again, too:
# a kind is in many files. `all` takes minutes more.
ALONE = os.environ.get("ASYNC_LINT_FIXES", "1")
_CODE = re.compile(r"`[^`]*`")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_fixes_make_what_the_fixture_says_and_each_can_be_applied_alone(case: Case) -> None:
    found = case.outcome.diagnostics
    safe = repaired(case, found, unsafe=False)
    # An unsafe one may show once safe ones were made.
    unsafe = repaired(case, found, unsafe=True) if _has_unsafe(found, safe.diagnostics) else safe
    if case.fixed:
        fixed = unsafe if case.unsafe else safe
        for name, text in case.fixed_texts.items():
            assert fixed.texts[name] == text
        assert differences(case.expected_after, fixed.diagnostics) == []
    applied_alone(case, found)


def repaired(case: Case, found: list[Diagnostic], unsafe: bool) -> Outcome:
    """Return what the fixes make of a program; it compiles, keeps its comments, and stays as it is."""
    if not _has_any(found, unsafe):
        return Outcome(found, [], case.texts)
    fixed = case.run(fix=True, unsafe=unsafe)
    for name in case.texts:
        if fixed.texts[name] != case.texts[name]:
            compile(fixed.texts[name], name, "exec")
            assert keeps(case.texts[name], fixed.texts[name], case)
    assert _codes(fixed.diagnostics) <= _codes(found)
    again = case.found_in(fixed.texts)
    if _has_any(again.diagnostics, unsafe):
        again = case.run(fixed.texts, fix=True, unsafe=unsafe)
        assert again.applied == []
        assert again.texts == fixed.texts
    assert _lines_of(again.diagnostics) == _lines_of(fixed.diagnostics)
    return fixed


def applied_alone(case: Case, found: list[Diagnostic]) -> None:
    wanted = list(map(id, chosen(filter(is_applicable, found))))
    for each in filter(is_applicable, found):
        assert each.fix is not None
        text = edited(case.texts[each.path], each.fix.edits)
        compile(text, each.path, "exec")
        assert keeps(case.texts[each.path], text, case)
        if id(each) in wanted:
            left = case.found_in({**case.texts, each.path: text}).diagnostics
            assert _codes(left) < _codes(found), f"{each.path}:{each.span.start.line}: {each.fix.title}\n{text}"


def chosen(fixable: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the first fixes of each kind in a file, by what their titles say and how many edits they are."""
    seen: Counter[tuple[str, str, int]] = Counter()
    for each in fixable:
        assert each.fix is not None
        kind = (each.path, _CODE.sub("", each.fix.title), len(each.fix.edits))
        seen[kind] += 1
        if ALONE == "all" or seen[kind] <= int(ALONE):
            yield each


def keeps(before: str, after: str, case: Case) -> bool:
    """Whether the comments are what they were; `noqa` comments aside, where it is those that the rule mends."""
    if case.rule != "unused-noqa":
        return comments(before) == comments(after)
    return Counter(each for each in comments(before) if "noqa" not in each) <= Counter(comments(after))


def _has_any(found: list[Diagnostic], unsafe: bool) -> bool:
    """Whether a run with `--fix`, and `--unsafe-fixes` where that is asked for, has something to apply."""
    wanted = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    return any(each.fix is not None and each.fix.applicability in wanted for each in found)


def _has_unsafe(*found: list[Diagnostic]) -> bool:
    each = (diagnostic.fix for diagnostics in found for diagnostic in diagnostics)
    return any(fix is not None and fix.applicability is Applicability.UNSAFE for fix in each)


def _codes(diagnostics: list[Diagnostic]) -> "Counter[str]":
    return Counter(each.code for each in diagnostics)


def _lines_of(diagnostics: list[Diagnostic]) -> list[tuple[str, int, str]]:
    return [(each.path, each.span.start.line, each.code) for each in diagnostics]
