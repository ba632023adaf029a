"""What a callee does that lets only one call of it go on at a time, or makes their order count.

A *veto* is a clause that names it. It is looked for in the functions of the project that a call may run, and in those
that they call, breadth first, within a bound. What takes turns further down, in a function that is called for a part of
the work, is none, unless nothing is waited for without it: it makes the rest less sure, and so does what a method of a
class that was not found may do, if the project has few of that name. A callee without a veto is not proved to be free
of one: what could not be followed is unknown, and says nothing.

    async def load(self, key):
        async with self._lock:                     veto, if `self` is shared: one at a time; further down it is a turn
        async with self._locks[key]:               none: a lock for each key
        if self._client is None: self._client = …  none: made once, whoever comes first
        self._last = key                           veto, if `self` is shared: the last one stays
        await asyncio.sleep(0.1)                   veto: keeps a pace; in a handler or a `while` it is a retry, and none
"""

import ast
from collections.abc import Callable
from typing import NamedTuple

from async_lint.inference.effects.interprocedural import is_followed
from async_lint.inference.independence.callees import definitions, is_defined, is_stored, namesakes
from async_lint.inference.independence.function_scan import scan
from async_lint.inference.independence.handed_work import is_hand_off
from async_lint.inference.independence.known import Known
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.scanned import Called, Holder, Scan, Waits
from async_lint.inference.independence.threads import only_hands_off
from async_lint.inference.independence.words import names_any, those, verb
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import External, Frame, FunctionType, Unknown

_FUNCTIONS = 60  # functions that one question may read
_DEPTH = 5
FEW = 3  # methods of one name that a receiver of an unknown class may have: of more, nobody knows which
Functions = tuple[Function, ...]


class _Step(NamedTuple):
    """A function to be read. `holder` says whose its receiver is.

    `suspends`: whether who waits for the call waits for what this one awaits. Of what a coroutine calls, that is so of
    what it awaits; a plain function may return what is awaited. `sure`: it is known to be called, not only called so.
    `locked`: who calls it holds a lock. `several`: it is one of several that may be meant, and they differ in who waits
    for a turn.
    """

    function: Function
    holder: Holder
    suspends: Waits = Waits.SURELY
    sure: bool = True
    locked: bool = False
    several: bool = False


class Seen(NamedTuple):
    """`veto` names what orders the calls, empty when nothing was seen; `sends`, what they send something to.

    `turns` and `relays` are the same of what they call: a cache's lock or a client's socket holds others up for a part
    of the work. `delivers` names what each call sends something to, however far down. `shares` names what another
    call could come in between, and `fills` a container that is looked at and filled when it has waited.
    `puts`: one of them changes something that is shared, or may do so. `waits`: one of them may really be suspended.
    `changes` are the parameters that the functions themselves change. `functions` are all that were read.
    """

    veto: str = ""
    sends: str = ""
    turns: str = ""
    relays: str = ""
    puts: bool = False
    waits: Waits = Waits.NEVER
    changes: frozenset[str] = frozenset()
    functions: Functions = ()
    delivers: str = ""
    shares: str = ""
    fills: str = ""


class Vetoes:
    """The vetoes of functions, worked out once each. `followed` are those that were asked about, until cleared."""

    def __init__(self, ask: Callable[[], Evaluator], resources: Resources) -> None:
        self._ask = ask
        self.followed: list[Function] = []
        self._resources = resources
        self._scans: Memo[tuple[Function, Holder, bool], Scan] = Memo()
        self._seen: Memo[tuple[Functions, bool, bool], Seen] = Memo()

    def of(self, functions: Functions, own: bool, in_thread: bool = False) -> Seen:
        """Return what was seen in functions, any of which a call may run, and in what they call.

        `own`: the receiver belongs to the item, so what it keeps is no matter. `in_thread`: a thread calls them.
        """
        self.followed += functions
        key = (functions, own, in_thread)
        holder = Holder.OWN if own else Holder.SHARED
        return NOTES.kept(self._seen, key, lambda: self._search(functions, holder, in_thread))

    def _search(self, functions: Functions, holder: Holder, in_thread: bool) -> Seen:
        waiting = [(_Step(function, holder), 0) for function in functions]
        met = {step for step, _ in waiting}
        order = dict.fromkeys(functions)
        waits, free, puts, sends, turns, relays, lock = Waits.NEVER, Waits.NEVER, False, "", "", "", ""
        delivers = shares = fills = ""
        changes: frozenset[str] = frozenset()
        while waiting:
            step, depth = waiting.pop(0)
            function = step.function
            known = self._scan(function, step.holder, in_thread)
            veto = known.veto or ((known.turns or known.first_hand) if depth == 0 else "")
            if veto and step.sure:
                return Seen(veto, waits=Waits.SURELY, functions=functions)
            waits = max(waits, min(step.suspends, Waits.SURELY if known.turns else known.waits))
            free = max(free, Waits.NEVER if step.locked else min(step.suspends, known.free))
            lock = lock or (known.lock if step.sure else "")
            puts = puts or (known.puts and step.sure)
            turns = turns or ("" if step.several else known.turns) or veto
            shares = shares or ("" if step.several else known.shares)
            fills = fills or (known.fills if step.sure else "")
            if depth == 0:
                sends = sends or known.sends
            else:
                relays = relays or known.sends
            if step.sure and step.suspends is Waits.SURELY:
                delivers = delivers or known.delivers
            # Further down, parameters have other values than the call's arguments.
            changes |= known.changes if depth == 0 else frozenset()
            frame = function_scope(function)
            for called in known.calls:
                inner = definitions(self._ask(), called.callee, frame)
                sure, locked = step.sure and bool(inner), step.locked or called.locked
                puts = puts or (not inner and not called.awaited and self._acts(called, frame))
                puts = puts or self._leaves_a_change(called, inner, frame)
                if not inner and called.awaited:
                    entry = self._resources.entry(self._ask(), called.callee, frame)
                    inner = self._perhaps(called.callee, frame) if entry is None else ()
                    if not (entry and entry.passive):
                        most = Waits.PERHAPS if entry and entry.brief else self._waits_outside(called.callee, frame)
                        # What an unknown library gives may be there already.
                        most = min(most, Waits.PERHAPS) if called.iterated and entry is None else most
                        if inner and not any(map(self._awaits, inner)):
                            most = Waits.SELDOM
                        waits = max(waits, min(_suspends(step, called), most))
                        free = max(free, Waits.NEVER if locked else min(_suspends(step, called), most))
                suspends = _suspends(step, called)
                if called.awaited and not all(one.is_async for one in inner):
                    # A plain function may well return something to wait for.
                    waits = max(waits, min(suspends, Waits.PERHAPS))
                    free = max(free, Waits.NEVER if locked else min(suspends, Waits.PERHAPS))
                several = step.several or not self._alike(inner, called.holder, in_thread)
                for one in inner:
                    following = _Step(one, called.holder, suspends, sure, locked, several)
                    if following in met:
                        continue
                    if depth + 1 >= _DEPTH or len(met) >= _FUNCTIONS:
                        # What is too far to be read may wait.
                        waits = max(waits, min(suspends, Waits.PERHAPS))
                        free = max(free, Waits.NEVER if locked else min(suspends, Waits.PERHAPS))
                        continue
                    met.add(following)
                    order[one] = None
                    waiting.append((following, depth + 1))
        if lock and free is Waits.NEVER:
            return Seen(f"{lock}, and it waits for nothing else", waits=Waits.SURELY, functions=functions)
        return Seen(
            sends=sends,
            turns=turns,
            relays=relays,
            puts=puts,
            waits=waits,
            changes=changes,
            functions=tuple(order),
            delivers=delivers,
            shares=shares,
            fills=fills,
        )

    def _awaits(self, function: Function) -> bool:
        known = self._scan(function, Holder.SHARED, False)
        return not function.is_async or known.waits > Waits.NEVER or any(called.awaited for called in known.calls)

    def _acts(self, called: Called, frame: Frame) -> bool:
        """Whether a call is made for what it does, and nobody knows what that is."""
        if not called.discarded or names_any(called.callee, "logs"):
            return False
        of = self._ask().evaluate(called.callee, frame)
        unknown = isinstance(of, External) and not of.instance
        return unknown and self._resources.entry(self._ask(), called.callee, frame) is None

    def _leaves_a_change(self, called: Called, inner: Functions, frame: Frame) -> bool:
        """Whether a thread is left a method of an object, which may change that."""
        work = called.method
        if work is None or not (is_hand_off(called.callee) or (inner and all(map(only_hands_off, inner)))):
            return False
        # Who opens a connection changes nothing that is there.
        if verb(work.attr) in those("removing") | those("beginning") or not self._resources.may_change(
            self._ask(), work, frame
        ):
            return False
        # Of several, which depend on a setting, nobody knows which.
        return len(definitions(self._ask(), work, frame)) != 1

    def _alike(self, functions: Functions, holder: Holder, in_thread: bool) -> bool:
        """Whether there is one function that a call may mean, or all of them take turns."""
        return len(functions) < 2 or all(self._scan(one, holder, in_thread).turns for one in functions)

    def _waits_outside(self, callee: ast.expr, frame: Frame) -> Waits:
        """Return what is said of a callee without a body in the project: that of a library waits for something."""
        if last_name(callee) in those("computing"):
            return Waits.NEVER
        if is_hand_off(callee):
            return Waits.SURELY
        of = self._ask().evaluate(callee, frame)
        if isinstance(of, FunctionType):
            return Waits.PERHAPS if is_followed(of.function.module) else Waits.SURELY
        # What was handed over and kept often has nothing to wait for: a converter, a key function.
        scope = frame.enclosing_function()
        function = scope.function if scope is not None else None
        if isinstance(callee, ast.Name) and function is not None and callee.id in body_of(function).table:
            return Waits.SELDOM
        if isinstance(of, External):
            # A module of the project's own may be one that cannot be read.
            own = of.name.partition(".")[0] == frame.module.name.partition(".")[0]
            return Waits.PERHAPS if own else Waits.SURELY
        if not isinstance(of, Unknown):
            return Waits.SURELY
        if not isinstance(callee, ast.Attribute):
            return Waits.PERHAPS
        if is_stored(self._ask(), callee.attr) and not namesakes(self._ask(), callee.attr):
            return Waits.SELDOM
        # What has a name that the project gives to none of its methods is a library's.
        return Waits.PERHAPS if is_defined(self._ask(), callee.attr) else Waits.SURELY

    def _perhaps(self, callee: ast.Name | ast.Attribute, frame: Frame) -> Functions:
        """Return the few methods of the project that an unknown receiver may have."""
        if not isinstance(callee, ast.Attribute) or not isinstance(self._ask().evaluate(callee.value, frame), Unknown):
            return ()
        known = namesakes(self._ask(), callee.attr)
        return known if len(known) <= FEW else ()

    def _scan(self, function: Function, holder: Holder, in_thread: bool) -> Scan:
        key = (function, holder, in_thread)
        # A thread that calls a coroutine function only makes a coroutine: its body runs elsewhere.
        in_it = in_thread and not function.is_async
        return NOTES.kept(self._scans, key, lambda: scan(function, holder, in_it, self._known(function)))

    def _known(self, function: Function) -> Known:
        return Known(self._ask, self._resources, function)


def _suspends(step: _Step, called: Called) -> Waits:
    """Return what is said of a function's caller where what the function calls is suspended."""
    if step.function.is_async and not called.awaited:
        return Waits.NEVER
    # One of several ways, or none: a look at what is there already is the commonest.
    return step.suspends if called.always else min(step.suspends, Waits.SELDOM)
