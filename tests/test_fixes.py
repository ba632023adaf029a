"""Every fix: it makes what its fixture says, its result is clean and stable, and no comment is lost."""

from collections import Counter

import pytest

from async_lint.model import Diagnostic
from tests.harness import Case, cases, comments, differences, edited, is_applicable

CASES = [case for case in cases() if not case.too_new]
PAIRS = [case for case in CASES if case.fixed]


@pytest.mark.parametrize("case", PAIRS, ids=lambda case: case.id)
def test_fixes_make_what_the_fixture_says(case: Case) -> None:
    fixed = case.run(fix=True)
    for name, text in case.fixed_texts.items():
        assert fixed.texts[name] == text
    assert differences(case.expected_after, fixed.diagnostics) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_fixed_programs_compile_keep_comments_and_stay_as_they_are(case: Case, unsafe: bool) -> None:
    fixed = case.run(fix=True, unsafe=unsafe)
    for name in case.texts:
        if fixed.texts[name] != case.texts[name]:
            compile(fixed.texts[name], name, "exec")
            assert keeps(case.texts[name], fixed.texts[name], case)
    assert _codes(fixed.diagnostics) <= _codes(case.run().diagnostics)
    again = case.run(fixed.texts, fix=True, unsafe=unsafe)
    assert again.applied == []
    assert again.texts == fixed.texts
    assert _lines_of(again.diagnostics) == _lines_of(fixed.diagnostics)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_each_fix_can_be_applied_alone(case: Case) -> None:
    found = case.run().diagnostics
    for each in filter(is_applicable, found):
        assert each.fix is not None
        text = edited(case.texts[each.path], each.fix.edits)
        compile(text, each.path, "exec")
        assert keeps(case.texts[each.path], text, case)
        left = case.run({**case.texts, each.path: text}).diagnostics
        assert _codes(left) < _codes(found), f"{each.path}:{each.span.start.line}: {each.fix.title}\n{text}"


def keeps(before: str, after: str, case: Case) -> bool:
    """Whether the comments are what they were; `noqa` comments aside, where it is those that the rule mends."""
    if case.rule != "unused-noqa":
        return comments(before) == comments(after)
    return Counter(each for each in comments(before) if "noqa" not in each) <= Counter(comments(after))


def _codes(diagnostics: list[Diagnostic]) -> "Counter[str]":
    return Counter(each.code for each in diagnostics)


def _lines_of(diagnostics: list[Diagnostic]) -> list[tuple[str, int, str]]:
    return [(each.path, each.span.start.line, each.code) for each in diagnostics]
