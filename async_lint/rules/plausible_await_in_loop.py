"""ASL204: a loop awaits one item after another, and it is plausible that no item needs another."""

from async_lint.inference.face import Tier
from async_lint.model import FixAvailability
from async_lint.rule import Rule
from async_lint.rules._loops.reported_loop import TRIGGERS, LoopCheck

_CHECK = LoopCheck(Tier.PLAUSIBLE)

RULE = Rule(
    code="ASL204",
    name="plausible-await-in-loop",
    summary="awaits that are probably independent run one after another",
    fix=FixAvailability.SOMETIMES,
    default=False,
    triggers=dict.fromkeys(TRIGGERS, _CHECK.could_report),
    visit=_CHECK.visit,
)
