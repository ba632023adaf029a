"""Every rule: it finds what its fixtures expect and nothing else, and what it says of itself is so."""

import ast
import re
from dataclasses import replace

import pytest

import async_lint.registry
from async_lint.model import FixAvailability
from async_lint.registry import RULES
from async_lint.rule import Rule
from tests.harness import Case, cases, cases_of, is_applicable, lacking

DECLARED = {rule.code: rule.fix for rule in RULES}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_what_is_found_is_what_is_expected(case: Case) -> None:
    if case.too_new:
        pytest.skip("needs a newer Python")
    found = case.outcome.diagnostics
    assert case.wrong(found) == []
    for each in found:
        assert DECLARED[each.code] is not (FixAvailability.NONE if is_applicable(each) else FixAvailability.ALWAYS)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_triggers_leave_nothing_out_and_hide_nothing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that is looked at for another reason is judged as its fixture says, too."""
    if case.too_new:
        pytest.skip("needs a newer Python")
    always = dict.fromkeys((each for each in vars(ast).values() if isinstance(each, type)), lambda node, facts: True)
    rules = tuple(replace(rule, triggers=always) if rule.visit else rule for rule in RULES)
    monkeypatch.setattr(async_lint.registry, "RULES", rules)
    assert case.wrong(case.run().diagnostics) == []


def test_every_rule_has_fixtures_and_a_page() -> None:
    assert lacking(RULES) == []


def test_codes_and_names_are_unique_and_well_formed() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    assert [rule.code for rule in RULES if not re.fullmatch(r"ASL\d{3}", rule.code)] == []
    assert [rule.name for rule in RULES if not re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)] == []
    assert [rule.summary for rule in RULES if not rule.summary or rule.summary.endswith(".")] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_fixtures_show_findings_and_the_fixes_that_the_rule_declares(rule: Rule) -> None:
    """That none has a fix that it should not have, or lacks one, is tested of each."""
    wanted = {rule.fix is not FixAvailability.NONE}
    if rule.fix is FixAvailability.SOMETIMES:
        wanted.add(False)
    shown: set[bool] = set()
    of_rule = cases_of(rule)
    if of_rule and all(case.too_new for case in of_rule):
        pytest.skip("needs a newer Python")
    for case in of_rule:
        if not case.too_new and shown != wanted:
            shown |= {is_applicable(each) for each in case.outcome.diagnostics if each.code == rule.code}
    assert shown, f"no case in tests/fixtures/{rule.name}/ has a finding of {rule.code}"
    assert shown == wanted
