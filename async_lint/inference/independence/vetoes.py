"""What a callee does that lets only one call of it go on at a time, or makes their order count.

A *veto* is a clause that names it. It is looked for in the functions of the project that a call may run, and in those
that they call, breadth first, within a bound. What takes turns further down, in a function that is called for a part of
the work, is none: it makes the rest less sure. A callee without a veto is not proved to be free of one: what could not
be followed is unknown, and says nothing.

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

from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.function_scan import Holder, Known, Scan, scan
from async_lint.inference.independence.resources import Resources
from async_lint.inference.kinds import kinds
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function
from async_lint.inference.types.answer import Kind
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Instance, Union

_FUNCTIONS = 60  # functions that one question may read
_DEPTH = 5
_STACK = "contextlib.AsyncExitStack"
Functions = tuple[Function, ...]


class Seen(NamedTuple):
    """`veto` names what orders the calls, empty when nothing was seen; `sends`, what they send something to.

    `turns` and `relays` are the same of what they call: a cache's lock or a client's socket holds others up for a part
    of the work. `puts`: one of them stores something in what is shared. `waits`: one of them may really be suspended.
    `changes` are the parameters that the functions themselves change. `functions` are all that were read.
    """

    veto: str = ""
    sends: str = ""
    turns: str = ""
    relays: str = ""
    puts: bool = False
    waits: bool = False
    changes: frozenset[str] = frozenset()
    functions: Functions = ()


class Vetoes:
    """The vetoes of functions, worked out once each. `followed` are those that were asked about, until cleared."""

    def __init__(self, ask: Callable[[], Evaluator], resources: Resources) -> None:
        self._ask = ask
        self.followed: list[Function] = []
        self._resources = resources
        self._scans: dict[tuple[Function, Holder, bool], Scan] = {}
        self._seen: dict[tuple[Functions, bool, bool], Seen] = {}

    def of(self, functions: Functions, own: bool, in_thread: bool = False) -> Seen:
        """Return what was seen in functions, any of which a call may run, and in what they call.

        `own`: the receiver belongs to the item, so what it keeps is no matter. `in_thread`: a thread calls them.
        """
        self.followed += functions
        key = (functions, own, in_thread)
        known = self._seen.get(key)
        if known is None:
            known = self._seen[key] = self._search(functions, Holder.OWN if own else Holder.SHARED, in_thread)
        return known

    def _search(self, functions: Functions, holder: Holder, in_thread: bool) -> Seen:
        waiting = [(function, holder, 0) for function in functions]
        met = dict.fromkeys((function, holder) for function in functions)
        waits, puts, sends, turns, relays = False, False, "", "", ""
        changes: frozenset[str] = frozenset()
        while waiting:
            function, holds, depth = waiting.pop(0)
            known = self._scan(function, holds, in_thread)
            veto = known.veto or ((known.turns or known.first_hand) if depth == 0 else "")
            if veto:
                return Seen(veto, waits=True, functions=functions)
            waits = waits or known.waits or bool(known.turns)
            puts = puts or known.puts
            turns = turns or known.turns
            if depth == 0:
                sends = sends or known.sends
            else:
                relays = relays or known.sends
            # Further down, parameters have other values than the call's arguments.
            changes |= known.changes if depth == 0 else frozenset()
            frame = function_scope(function)
            for called in known.calls:
                inner = definitions(self._ask(), called.callee, frame)
                if not inner and called.awaited:
                    entry = self._resources.entry(self._ask(), called.callee, frame)
                    # What nothing is known of may wait: to say that nothing waits would silence a loop.
                    waits = waits or entry is None or not entry.passive
                for one in inner:
                    if (one, called.holder) in met:
                        continue
                    if depth + 1 >= _DEPTH or len(met) >= _FUNCTIONS:
                        # What is too far to be read may wait.
                        waits = True
                        continue
                    met[one, called.holder] = None
                    waiting.append((one, called.holder, depth + 1))
        return Seen(
            "", sends, turns, relays, puts, waits, changes, tuple(dict.fromkeys(function for function, _ in met))
        )

    def _scan(self, function: Function, holder: Holder, in_thread: bool) -> Scan:
        key = (function, holder, in_thread)
        known = self._scans.get(key)
        if known is None:
            asked = Known(self._is_exclusive, self._serves_several, self._runs_already, self._is_stack)
            # A thread that calls a coroutine function only makes a coroutine: its body runs elsewhere.
            known = self._scans[key] = scan(function, holder, in_thread and not function.is_async, asked)
        return known

    def _runs_already(self, node: ast.expr, function: Function) -> bool:
        """Whether what is awaited is a task, or are several, that go on whoever waits."""
        node = node.value if isinstance(node, ast.Starred) else node
        evaluator = self._ask()
        of = evaluator.evaluate(node, function_scope(function))
        return Kind.TASK in (kinds.kind(evaluator, of), kinds.kind(evaluator, evaluator.element(of, False)))

    def _is_stack(self, node: ast.expr, function: Function) -> bool:
        evaluator = self._ask()
        of = evaluator.evaluate(node, function_scope(function))
        options = of.items if isinstance(of, Union) else (of,)
        instances = (option.cls for option in options if isinstance(option, Instance))
        return any(base.cls.full_name == _STACK for cls in instances for base in evaluator.order(cls).bases)

    def _serves_several(self, node: ast.expr, function: Function) -> bool | None:
        return self._resources.serves_several(self._ask(), node, function_scope(function))

    def _is_exclusive(self, node: ast.expr, function: Function) -> bool:
        return self._resources.is_exclusive(self._ask(), node, function_scope(function), "exclusive-within")
