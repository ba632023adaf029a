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
        pages.append(page); await asyncio.sleep(1) veto: a pace, also in a `while`
"""

from collections.abc import Callable
from functools import partial

from async_lint.inference.independence.function_scan import scan
from async_lint.inference.independence.known import Known
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.scanned import Holder, Scan
from async_lint.inference.independence.search import Search
from async_lint.inference.independence.seen import Functions, Seen
from async_lint.inference.independence.unseen_callees import UnseenCallees
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function
from async_lint.inference.syntax.notes import NOTES, Memo


class Vetoes:
    """The vetoes of functions, worked out once each. `followed` are those that were asked about, until cleared."""

    def __init__(self, ask: Callable[[], Evaluator], resources: Resources) -> None:
        self._ask = ask
        self.followed: list[Function] = []
        self._resources = resources
        self._unseen = UnseenCallees(ask, resources)
        self._scans: Memo[tuple[Function, Holder, bool, frozenset[str]], Scan] = Memo()
        self._seen: Memo[tuple[Functions, bool, bool, frozenset[str]], Seen] = Memo()

    def of(self, functions: Functions, own: bool, in_thread: bool = False, told: frozenset[str] = frozenset()) -> Seen:
        """Return what was seen in functions, any of which a call may run, and in what they call.

        `own`: the receiver belongs to the item, so what it keeps is no matter. `in_thread`: a thread calls them.
        `told` are their parameters whose defaults do not hold, for the call gives them something else.
        """
        self.followed += functions
        key = (functions, own, in_thread, told)
        holder = Holder.OWN if own else Holder.SHARED

        def search() -> Seen:
            read = partial(self._scan, in_thread=in_thread, of_call=functions, told=told)
            return Search(self._ask, read, self._unseen).of(functions, holder)

        return NOTES.kept(self._seen, key, search)

    def _scan(
        self, function: Function, holder: Holder, in_thread: bool, of_call: Functions, told: frozenset[str]
    ) -> Scan:
        told = told if function in of_call else frozenset()
        key = (function, holder, in_thread, told)
        # A thread that calls a coroutine function only makes a coroutine: its body runs elsewhere.
        in_it = in_thread and not function.is_async
        return NOTES.kept(self._scans, key, lambda: scan(function, holder, in_it, self._known(function), told))

    def _known(self, function: Function) -> Known:
        return Known(self._ask, self._resources, function)
