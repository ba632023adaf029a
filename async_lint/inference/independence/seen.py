"""What was seen in functions, and in what they call: the answer of `Vetoes`."""

from typing import NamedTuple

from async_lint.inference.independence.scanned import Waits
from async_lint.inference.syntax.binding import Function

Functions = tuple[Function, ...]


class Seen(NamedTuple):
    """`veto` names what orders the calls, empty when nothing was seen; `sends`, what they send something to.

    `turns` and `relays` are the same of what they call: a cache's lock or a client's socket holds others up for a part
    of the work. `delivers` names what each call sends something to, however far down, and `posts` what each posts by.
    `shares` names what another call could come in between, and `fills` a container that is looked at and filled when it
    has waited.
    `puts`: one of them changes something that is shared, or may do so. `waits`: one of them may really be suspended.
    `changes` are the parameters that the functions themselves change, `tells` those that they send something to.
    `functions` are all that were read.
    """

    veto: str = ""
    sends: str = ""
    turns: str = ""
    relays: str = ""
    puts: bool = False
    waits: Waits = Waits.NEVER
    changes: frozenset[str] = frozenset()
    tells: frozenset[str] = frozenset()
    functions: Functions = ()
    delivers: str = ""
    posts: str = ""
    shares: str = ""
    fills: str = ""
