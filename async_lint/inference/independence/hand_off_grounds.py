"""The ground of calls that leave their work to a thread: `await asyncio.to_thread(parse, path)`."""

import ast
from collections.abc import Callable

from async_lint.inference.independence.appended_files import appends_to_one
from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.handed_work import calls_in_thread, handed, is_hand_off, shares_threads
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.scanned import Waits
from async_lint.inference.independence.thread_work import computes
from async_lint.inference.independence.threads import hand_offs, only_hands_off, tier_of_executor, tier_within
from async_lint.inference.independence.unread_chains import unread_root
from async_lint.inference.independence.verdict import Ground, Kind, NoGroundError, Tier, ground_despite
from async_lint.inference.independence.vetoes import Vetoes
from async_lint.inference.independence.words import those, verb
from async_lint.inference.independence.work_within import objection_within
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame


class HandOffGrounds:
    def __init__(self, ask: Callable[[], Evaluator], resources: Resources, vetoes: Vetoes) -> None:
        self._ask = ask
        self._resources = resources
        self._vetoes = vetoes

    def of(self, call: ast.Call, frame: Frame, iteration: Iteration) -> Ground | None:
        """Return the ground of a call that hands work to a thread, or of a function that does no more than that.

        None of any other call. Raises NoGroundError.
        """
        turns, tier, little = "", Tier.SHOWN, False
        if is_hand_off(call.func):
            turns, tier = self._of_work(call, frame, iteration)
            little = not self._takes_long(call, frame)
        else:
            called = definitions(self._ask(), call.func, frame)
            # `save` may do its work in a thread: what it saves to is still the same for all.
            orders = verb(last_name(call.func)) in those("ordering-verbs")
            if len(called) != 1 or orders or not only_hands_off(called[0]):
                return None
            self._vetoes.followed += called
            # One that only some calls come to is none to count on.
            within = self._vetoes.of(called, own=False)
            own = isinstance(call.func, ast.Attribute) and iteration.of(call.func.value).own
            objects = within.veto or ("" if own else within.shares)
            objects = objects or objection_within(self._ask(), self._vetoes, called[0], call, frame, iteration)
            if objects:
                raise NoGroundError(objects)
            # A plain function gives what is waited for.
            if called[0].is_async and within.waits is Waits.NEVER:
                raise NoGroundError(f"`{called[0].qualname}` never waits for anything that it starts")
            tier = Tier.PLAUSIBLE if within.puts else tier_within(self._ask(), called[0])
            inner = function_scope(called[0])
            long = any(self._takes_long(one, inner) for one in hand_offs(called[0]))
            little = not long or within.waits is not Waits.SURELY
        says = f"`{ast.unparse(call.func)}` leaves the work to a thread"
        return ground_despite(turns, Kind.HAND_OFF, says, tier, little and tier is Tier.SHOWN)

    def _takes_long(self, hand_off: ast.Call, frame: Frame) -> bool:
        """Whether the work is known to wait for a network or another program: of other work, threads gain little."""
        return any(self._resources.takes_long(call, frame) for call in calls_in_thread(hand_off))

    def _of_work(self, call: ast.Call, frame: Frame, iteration: Iteration) -> tuple[str, Tier]:
        """Return what in the work lets one at a time on, if anything, and how sure it is that threads do several."""
        name = last_name(call.func)
        if name == "sync_to_async" and not shares_threads(call):
            raise NoGroundError("`sync_to_async` leaves all work to one thread")
        tier = Tier.SHOWN
        if name == "run_in_executor" and call.args:
            tier = tier_of_executor(self._ask(), call.args[0], frame)
        work = handed(call)
        if not isinstance(work, ast.Name | ast.Attribute):
            return "", tier
        entry = self._resources.entry(self._ask(), work, frame)
        if entry is not None and entry.passive:
            raise NoGroundError(f"`{ast.unparse(work)}` waits for what goes on by itself")
        if computes(self._ask(), work, frame):
            raise NoGroundError(f"`{ast.unparse(work)}` only computes, and threads take turns in that")
        own = isinstance(work, ast.Attribute) and iteration.of(work.value).own
        functions = definitions(self._ask(), work, frame)
        seen = self._vetoes.of(functions, own, in_thread=True)
        objects = seen.veto or ("" if own else seen.shares or seen.fills)
        if objects:
            raise NoGroundError(objects)
        if not own:
            _refuse_appending(functions, call, frame, iteration)
        if not functions and not own and self._resources.may_change(self._ask(), work, frame):
            raise NoGroundError(f"`{ast.unparse(work)}` may change what all of them have")
        root = unread_root(self._ask(), self._resources, work, frame)
        if root is not None and not iteration.of(root).own:
            raise NoGroundError(f"nobody knows whether threads may share `{ast.unparse(root)}`")
        return seen.turns, tier


def _refuse_appending(functions: tuple[Function, ...], call: ast.Call, frame: Frame, iteration: Iteration) -> None:
    for made in calls_in_thread(call):
        for function in functions:
            path = appends_to_one(function, made, frame, iteration)
            if path:
                raise NoGroundError(f"`{function.qualname}` looks whether there is `{path}`, and appends to it")
