"""The way of a coroutine, or of a collection of coroutines: what it holds, the steps it consists of, how it ends."""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

import libcst as cst

from async_lint.rules._coroutine_uses.positions import IDLE, Does

Path = Sequence[cst.CSTNode]


class Shape(Enum):
    """What an expression holds: a coroutine, an iterable of coroutines, or something with coroutines in it."""

    ONE = "one"
    ITEMS = "items"
    OTHER = "other"


class Fate(Enum):
    """`VALUE`: it is used as its result would be. `IDLE`: it is looked at, and no more.

    `TAKEN`: code that awaits coroutines has it. `UNSEEN`: nobody knows who has.
    """

    VALUE = "value"
    IDLE = "idle"
    UNSEEN = "unseen"
    TAKEN = "taken"
    AWAITED = "awaited"


class Use(NamedTuple):
    """The end of a way: one thing that is done, at the last node of `path`. `does` tells of a VALUE.

    `name` is the variable that it is read from.
    """

    fate: Fate
    path: Path
    does: Does = IDLE
    name: str = ""


class Goes(NamedTuple):
    """It becomes what the last node of `path` holds."""

    path: Path
    shape: Shape


class Binds(NamedTuple):
    """The node `by`, the last of `above`, binds it to `target`."""

    target: cst.BaseExpression
    by: cst.CSTNode
    above: Path
    shape: Shape


class Joins(NamedTuple):
    """It is put into the collection `name`, at the last node of `path`."""

    name: str
    path: Path


Step = Use | Goes | Binds | Joins
