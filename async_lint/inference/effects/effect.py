"""What a run of a body does, in the words of a message: the answer of this package."""

import ast
from dataclasses import dataclass
from enum import Enum

from async_lint.inference.effects.ownership import Owner
from async_lint.inference.syntax.notes import cited
from async_lint.inference.types.values import Frame

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp
Loop = ast.For | Comprehension


class Touch(Enum):
    """What a run does to what other runs share. A remote service that it asks for something is not counted."""

    READS = "reads"
    WRITES = "writes"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a run does. `reason` is a clause that says why it does not only read.

    `waits` names the first operation that it is suspended in, empty when nothing was found that suspends it; a loop's
    `grounds` are clauses about what its iterations await. `result` is whose the returned object is.
    """

    touch: Touch
    reason: str = ""
    waits: str = ""
    result: Owner = Owner.SHARED
    grounds: tuple[str, ...] = ()


class StopReadingError(Exception):
    """The run does more than read, or nobody knows; `reason` is a clause that ends with the place."""

    def __init__(self, touch: Touch, reason: str) -> None:
        super().__init__(reason)
        self.touch = touch
        self.reason = reason


def place(node: ast.AST, frame: Frame) -> str:
    """Return where a node stands, for a message: `client.py:41`."""
    return cited(frame.module.path, getattr(node, "lineno", 0))
