"""What an expression has to do with a resource."""

from enum import Enum


class Hold(Enum):
    """What an expression is to a resource."""

    OWN = "the resource itself"
    PART = "an attribute of it"
    KEPT = "something that works through it"
    RESULT = "what a method gave, not awaited yet"
