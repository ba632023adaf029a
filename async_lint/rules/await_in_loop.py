"""ASL201: a loop awaits one item after another although no item needs another."""

from async_lint.inference.face import Tier
from async_lint.model import FixAvailability
from async_lint.rule import Rule
from async_lint.rules._loops.concurrency import CONCURRENCY, MAX_CONCURRENCY
from async_lint.rules._loops.reported_loop import IN_TESTS, TRIGGERS, LoopCheck

_CHECK = LoopCheck(Tier.SHOWN)

RULE = Rule(
    code="ASL201",
    name="await-in-loop",
    summary="independent awaits run one after another",
    fix=FixAvailability.SOMETIMES,
    triggers=dict.fromkeys(TRIGGERS, _CHECK.could_report),
    visit=_CHECK.visit,
    options=(IN_TESTS, CONCURRENCY, MAX_CONCURRENCY),
)
