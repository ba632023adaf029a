"""Whether a function is suspended, so that others can go on meanwhile, by something other than the calls it makes.

await asyncio.sleep(0)              no: it only lets others run
await self.load(name)               seen where that call is followed
await asyncio.to_thread(read)       as sure as something is gained by a thread
await self.task                     no, if it is a task that goes on whoever waits
if name in self.pages: await ...    seldom, for most calls may not come to that
"""

import ast

from async_lint.inference.independence.handed_work import handed, is_hand_off, shares_threads
from async_lint.inference.independence.known import Known
from async_lint.inference.independence.scanned import Waits
from async_lint.inference.independence.words import verb
from async_lint.inference.syntax.binding import last_name

_WAITING = frozenset({"gather", "shield", "wait", "wait_for"})
# What makes a task go on, or come to its end in its own time: to wait for it then is to wait for what was begun.
_SIGNALS = frozenset({"close", "set", "stop", "terminate"})


class Waiting:
    """Collects what a function waits for, while it is read from top to bottom.

    `free` is what it waits for without a lock. `awaited` and `iterated` are calls that it awaits, or enters, and those
    that an `async for` runs over. `locks`, `branches` and `kinds` count what stands around the node that is read: the
    exclusive locks; the conditions and handlers that keep a call of the function from it; of these, those that ask what
    kind of thing the function was given are `kinds` alone.
    """

    def __init__(self, known: Known) -> None:
        self._known = known
        self.waits = self.free = Waits.NEVER
        self.awaited: set[ast.expr] = set()
        self.iterated: set[ast.expr] = set()
        self.locks = 0
        self.branches = 0
        self.kinds = 0
        self._signals = False

    def read(self, node: ast.AST) -> None:
        match node:
            case ast.AsyncFor(iter=value) | ast.comprehension(is_async=1, iter=value):
                self.iterated.add(value)
                self.wait_for(value)
            case ast.Await(value=value):
                self._await(value)
            case ast.Call(func=ast.Attribute(attr=name)):
                self._signals = self._signals or verb(name) in _SIGNALS

    def wait_for(self, value: ast.expr) -> None:
        """Take note of something that is awaited, entered or iterated over."""
        match value:
            case ast.Call(func=func) if is_hand_off(func) and self._of_work(value) is not Waits.SURELY:
                self.suspend(self._of_work(value))
            case ast.Call(func=ast.Name() | ast.Attribute()):
                # Whether that one waits is seen where the call is followed.
                self.awaited.add(value)
            case ast.Call(func=ast.Call(func=func) as made) if is_hand_off(func):
                self.suspend(self._of_work(made))
            case _:
                self.suspend(Waits.PERHAPS)

    def at_most(self) -> Waits:
        """Return what is left here of one that surely waits."""
        if self.branches:
            # One of several ways, or none: a look at what is there already is the commonest.
            return Waits.SELDOM
        return Waits.BY_KIND if self.kinds else Waits.SURELY

    def suspend(self, waits: Waits) -> None:
        waits = min(waits, self.at_most())
        self.waits = max(self.waits, waits)
        if not self.locks:
            self.free = max(self.free, waits)

    def _await(self, value: ast.expr) -> None:
        if not isinstance(value, ast.Call):
            self._wait_for_work(value)
        elif last_name(value.func) in _WAITING and value.args:
            self._wait_for_work(value.args[0])
        # The one only lets others run, the other is no wait, and fails.
        elif not (last_name(value.func) == "sleep" and is_zero(value)) and not self._known.fails(value):
            self.wait_for(value)

    def _wait_for_work(self, value: ast.expr) -> None:
        if self._signals or not self._known.runs_already(value):
            self.suspend(Waits.PERHAPS)

    def _of_work(self, hand_off: ast.Call) -> Waits:
        # One thread does all that asgiref is given, unless it is told otherwise.
        if last_name(hand_off.func) == "sync_to_async" and not shares_threads(hand_off):
            return Waits.SELDOM
        work = handed(hand_off)
        return self._known.waits_for(work) if work is not None else Waits.SURELY


def is_zero(sleep: ast.Call) -> bool:
    return bool(sleep.args) and isinstance(sleep.args[0], ast.Constant) and not sleep.args[0].value
