"""What was found out about awaits in a row: the answer of this room."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum

from async_lint.inference.syntax.binding import Function


class Tier(IntEnum):
    """How good the evidence is: an order is needed or nobody knows; it is plausible that none is; that was shown."""

    NONE = 0
    PLAUSIBLE = 1
    SHOWN = 2


class Kind(Enum):
    """Why an await needs none of the others."""

    HAND_OFF = "hand-off"  # a thread or a process does the work
    ITEM = "item"  # what is called belongs to the item
    READ = "read"  # it asks something that serves several at once
    REMOVE = "remove"  # it takes away what the item names
    KEYED = "keyed"  # it is about a key that no other iteration has
    FOLLOWED = "followed"  # what it calls was read, and nothing in it needs an order


class NoGroundError(Exception):
    """Nothing speaks for an await; the text is a clause that says why."""


class Gate(Enum):
    """What an answer has to pass, in the order in which it is tried. The value is what is so when it was passed."""

    COPY = "the file is the project's own"
    TEST = "it is no test code, or test code is looked at"
    AWAIT = "something is awaited in it"
    REPLAY = "the module uses no SDK that runs its code again"
    FUNCTION = "it stands in a function"
    ORDER = "neither its header nor its body nor what stands around it keeps an order"
    NAMES = "no name carries anything from one iteration to a later one, or out of the loop"
    STATE = "what the iterations write to the same places needs no order"
    LOOP = "the project runs on an event loop that can run several awaits together"
    GROUND = "something speaks for each await"
    FAILURE = "no later await depends on whether an earlier one fails"


@dataclass(frozen=True, slots=True)
class Ground:
    """What speaks for one await. `text` is a clause for the message.

    `little`: it is plausible only because it may wait for little; nothing else is in doubt.
    """

    kind: Kind
    text: str
    tier: Tier
    little: bool = False


@dataclass(frozen=True, slots=True)
class Awaited:
    """One await on the way to a verdict, for `--explain-loop`: its ground, None where there is none.

    `followed` are the functions of the project that it may run, and that were read.
    """

    node: ast.expr
    ground: Ground | None
    followed: tuple[Function, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`against` is the first reason why they must stay in order, or why nobody knows; empty where there is a tier.

    `items` is how many iterations there are, None where the code does not tell. The rest is the way there: the `gate`
    that was shut, the awaits as far as they were looked at, and the reason why what is plausible was not proved.
    """

    tier: Tier
    grounds: tuple[Ground, ...] = ()
    against: str = ""
    items: int | None = None
    gate: Gate | None = None
    awaited: tuple[Awaited, ...] = ()
    unproved: str = ""


def against(reason: str, gate: Gate, awaited: tuple[Awaited, ...] = ()) -> Verdict:
    return Verdict(Tier.NONE, against=reason, gate=gate, awaited=awaited)


def ground_despite(turns: str, kind: Kind, text: str, tier: Tier = Tier.SHOWN, little: bool = False) -> Ground:
    """Return a ground; where `turns` lets one at a time on for a part of the work, it is plausible at most."""
    if turns:
        return Ground(kind, f"{text}, though {turns}", Tier.PLAUSIBLE)
    return Ground(kind, text, Tier.PLAUSIBLE, little) if little else Ground(kind, text, tier)


def tier_of(grounds: Sequence[Ground]) -> Tier:
    """Return what the grounds of all awaits come to: one that waits for long makes up for those that may not."""
    sure = any(ground.tier is Tier.SHOWN for ground in grounds)
    return min((ground.tier for ground in grounds if not (sure and ground.little)), default=Tier.NONE)
