"""What the reading of one function says of it: see `function_scan`."""

import ast
from enum import IntEnum
from typing import NamedTuple


class Holder(IntEnum):
    """Whose a receiver is: everybody's; perhaps the item's, for it is behind what belongs to that; the item's."""

    SHARED = 0
    BEHIND = 1
    OWN = 2


class Waits(IntEnum):
    """Whether a function is suspended, so that others can go on meanwhile."""

    NEVER = 0
    SELDOM = 1  # a condition or a handler stands before it, and a look at what is there already is the commonest
    BY_KIND = 2  # where what it is given is of some kind, as it asks
    PERHAPS = 3  # what it awaits is not known
    SURELY = 4  # by a library, a lock or a pause


class Called(NamedTuple):
    """A call in the function. `at_most` says how much of what it waits for the function waits for: it is `SURELY` where
    no condition and no handler keeps a call of the function from it.

    `locked`: it stands where the function holds a lock that the calls share. `discarded`: nobody looks at its result.
    `iterated`: an `async for` runs over it, which waits only where what comes next is not there yet.
    `method`: what it is given first, if that is an attribute, which it may leave to a thread. `comprehended`: it stands
    in a comprehension, which has names of its own.
    """

    call: ast.Call
    callee: ast.Name | ast.Attribute
    holder: Holder
    awaited: bool
    at_most: Waits
    locked: bool
    discarded: bool
    iterated: bool
    method: ast.Attribute | None
    comprehended: bool = False


class Scan(NamedTuple):
    """What one function does itself.

    `veto` makes the order of the calls count, `turns` lets one at a time on. `first_hand` is a veto for a function that
    is called from the loop: further down it is the business of a cache, or a client. `sends` names what it sends to,
    `delivers` too, if no condition keeps it from that; `posts`, what it posts by, if no condition does.
    `shares` names what it uses of the item's that the item was given, and that serves one at a time; or what it looks
    at and sets when it has waited. `fills`: it does that to an entry of a container.
    `puts`: it stores something in what is shared. `waits`: it may be suspended by something other than the calls;
    `free`, by something that it waits for without a lock. `lock` names the lock.
    `changes` are parameters that it changes, `tells` those that it sends something to.
    """

    veto: str = ""
    turns: str = ""
    first_hand: str = ""
    sends: str = ""
    shares: str = ""
    puts: bool = False
    waits: Waits = Waits.NEVER
    free: Waits = Waits.NEVER
    lock: str = ""
    delivers: str = ""
    posts: str = ""
    fills: str = ""
    changes: frozenset[str] = frozenset()
    tells: frozenset[str] = frozenset()
    calls: tuple[Called, ...] = ()
