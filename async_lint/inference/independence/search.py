"""One search through functions and what they call, breadth first, for what lets only one call go on at a time."""

from collections.abc import Callable
from typing import NamedTuple

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.comprehended import frame_within
from async_lint.inference.independence.given_arguments import handed_on
from async_lint.inference.independence.plain_results import may_be_waited_for
from async_lint.inference.independence.scanned import Called, Holder, Scan, Waits
from async_lint.inference.independence.seen import Functions, Seen
from async_lint.inference.independence.unseen_callees import UnseenCallees
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, parameters
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame

_FUNCTIONS = 60  # functions that one question may read
_DEPTH = 5
FEW = 3  # methods of one name that a receiver of an unknown class may have: of more, nobody knows which


class _Step(NamedTuple):
    """A function to be read. `holder` says whose its receiver is.

    `suspends`: whether who waits for the call waits for what this one awaits. Of what a coroutine calls, that is so of
    what it awaits; a plain function may return what is awaited. `sure`: it is known to be called, not only called so.
    `locked`: who calls it holds a lock. `several`: it is one of several that may be meant, and they differ in who waits
    for a turn. `many`: of so many methods of its name that it says no more than whether it waits.
    `given`: its parameters that have what a parameter of the first function has, each beside the name of that.
    """

    function: Function
    holder: Holder
    suspends: Waits = Waits.SURELY
    sure: bool = True
    locked: bool = False
    several: bool = False
    many: bool = False
    given: frozenset[tuple[str, str]] = frozenset()


class Search:
    """Collects what is seen; `scan` reads one function."""

    def __init__(
        self, ask: Callable[[], Evaluator], scan: Callable[[Function, Holder], Scan], unseen: UnseenCallees
    ) -> None:
        self._ask = ask
        self._scan = scan
        self._unseen = unseen
        self._waiting: list[tuple[_Step, int]] = []
        self._met: set[_Step] = set()
        self._order: dict[Function, None] = {}
        self._waits = self._free = Waits.NEVER
        self._sends = self._turns = self._relays = self._lock = self._delivers = self._shares = self._fills = ""
        self._posts = ""
        self._puts = False
        self._changes: frozenset[str] = frozenset()
        self._tells: frozenset[str] = frozenset()

    def of(self, functions: Functions, holder: Holder) -> Seen:
        """Return what was seen. `holder` says whose the receiver of `functions` is."""
        for function in functions:
            own = frozenset((parameter.arg, parameter.arg) for parameter in parameters(function.node.args))
            self._add(_Step(function, holder, given=own), 0)
        while self._waiting:
            step, depth = self._waiting.pop(0)
            known = self._scan(step.function, step.holder)
            veto = known.veto or ((known.turns or known.first_hand) if depth == 0 else "")
            if veto and step.sure:
                return Seen(veto, waits=Waits.SURELY, functions=functions)
            self._suspend(step, Waits.SURELY if known.turns else known.waits, known.free)
            if not step.many:
                self._note(step, known, veto, depth)
            frame = function_scope(step.function)
            for called in known.calls:
                at = frame_within(called.callee, step.function) if called.comprehended else frame
                self._follow(step, called, at, depth)
        if self._lock and self._free is Waits.NEVER:
            return Seen(f"{self._lock}, and it waits for nothing else", waits=Waits.SURELY, functions=functions)
        return Seen(
            sends=self._sends,
            turns=self._turns,
            relays=self._relays,
            puts=self._puts,
            waits=self._waits,
            changes=self._changes,
            tells=self._tells,
            functions=tuple(self._order),
            delivers=self._delivers,
            posts=self._posts,
            shares=self._shares,
            fills=self._fills,
        )

    def _add(self, step: _Step, depth: int) -> None:
        self._met.add(step._replace(given=frozenset()))
        self._order[step.function] = None
        self._waiting.append((step, depth))

    def _note(self, step: _Step, known: Scan, veto: str, depth: int) -> None:
        self._lock = self._lock or (known.lock if step.sure else "")
        self._puts = self._puts or (known.puts and step.sure)
        self._turns = self._turns or ("" if step.several else known.turns) or veto
        self._shares = self._shares or ("" if step.several else known.shares)
        self._fills = self._fills or (known.fills if step.sure else "")
        if depth == 0:
            self._sends = self._sends or known.sends
        else:
            self._relays = self._relays or known.sends
        if step.sure and step.suspends is Waits.SURELY:
            self._delivers = self._delivers or known.delivers
            self._posts = self._posts or known.posts
        self._changes |= frozenset(first for name, first in step.given if name in known.changes)
        self._tells |= known.tells if depth == 0 else frozenset()

    def _follow(self, step: _Step, called: Called, frame: Frame, depth: int) -> None:
        inner = definitions(self._ask(), called.callee, frame)
        sure, locked = step.sure and bool(inner), step.locked or called.locked
        suspends = _suspends(step, called)
        self._puts = self._puts or (not step.many and self._unseen.changes(called, inner, frame))
        of_name: Functions = ()
        if not inner and called.awaited:
            of_name = self._unseen.namesakes(called, frame)
            if of_name:
                suspends = min(suspends, Waits.PERHAPS)
            else:
                self._wait(min(suspends, self._unseen.waits(called, frame)), locked)
        if called.awaited and any(may_be_waited_for(self._ask(), one) for one in inner or of_name):
            self._wait(min(suspends, Waits.PERHAPS), locked)
        several = step.several or not self._alike(inner or of_name, called.holder)
        many = step.many or len(of_name) > FEW
        for one in inner or of_name:
            following = _Step(one, called.holder, suspends, sure, locked, several, many)
            if following in self._met:
                continue
            if inner and step.sure:
                following = following._replace(given=handed_on(one, called.call, frame, step.given))
            if depth + 1 >= _DEPTH or len(self._met) >= _FUNCTIONS:
                # What it calls is too far to be read, and may wait.
                if one not in self._order and self._awaits(following):
                    self._wait(min(suspends, Waits.PERHAPS), locked)
                continue
            self._add(following, depth + 1)

    def _awaits(self, step: _Step) -> bool:
        known = self._scan(step.function, step.holder)
        return known.waits > Waits.NEVER or any(called.awaited for called in known.calls)

    def _suspend(self, step: _Step, waits: Waits, free: Waits) -> None:
        self._waits = max(self._waits, min(step.suspends, waits))
        self._free = max(self._free, Waits.NEVER if step.locked else min(step.suspends, free))

    def _wait(self, waits: Waits, locked: bool) -> None:
        self._waits = max(self._waits, waits)
        self._free = max(self._free, Waits.NEVER if locked else waits)

    def _alike(self, functions: Functions, holder: Holder) -> bool:
        """Whether there is one function that a call may mean, or all of them take turns."""
        return len(functions) < 2 or all(self._scan(one, holder).turns for one in functions)


def _suspends(step: _Step, called: Called) -> Waits:
    """Return what is said of a function's caller where what the function calls is suspended."""
    if step.function.is_async and not called.awaited:
        return Waits.NEVER
    return min(step.suspends, called.at_most)
