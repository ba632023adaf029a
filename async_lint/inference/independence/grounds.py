"""What speaks for one await of an iteration: its ground; or why there is none.

    await asyncio.to_thread(parse, path)      hand-off: a thread does the work
    await page.load()                         item: `page` is the item
    await self.client.get(url)                read: it asks, and the client serves several at once
    await self.store.delete(key)              remove: it takes away what the item names
    await self.store.put(key, value)          keyed, in a loop over `items()`: no other iteration has that key
    await self.visit(name)                    followed: it was read, to what it waits for, and seems to change nothing
    await self.bus.send(event)                none: whether the order counts is for the other side to say

A ground is *shown* where what is called was followed, or where a table knows it. The rest is *plausible* (see `Tier`),
what only asks by its name too: of such reports on packages that nobody had looked at, a third was wrong, for what is
looked at is often there already.
"""

import ast
from collections.abc import Callable

from async_lint.inference.independence.callees import definitions, gives_nothing
from async_lint.inference.independence.captured import captured
from async_lint.inference.independence.followed import Following
from async_lint.inference.independence.given_arguments import given_values
from async_lint.inference.independence.hand_off_grounds import HandOffGrounds
from async_lint.inference.independence.handed_work import AROUND, called_by, handed
from async_lint.inference.independence.item_grounds import ItemGrounds, refuse_turn
from async_lint.inference.independence.missing_methods import is_missing
from async_lint.inference.independence.one_thread import works_in_one_thread
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.shared_grounds import SharedGrounds
from async_lint.inference.independence.unseen_callees import puts_into_queue
from async_lint.inference.independence.verdict import Ground, Kind, NoGroundError, Tier, ground_despite
from async_lint.inference.independence.vetoes import Vetoes
from async_lint.inference.independence.words import those, verb, writes_by_query
from async_lint.inference.independence.written_texts import written
from async_lint.inference.kinds import kinds
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types import answer
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Coroutine, Frame, Unknown

_BATCHES = frozenset({"as_completed", "gather", "wait"})
_HANDED = ("exclusive", "exclusive-handed")


class Grounds:
    """Finds the ground of an await."""

    def __init__(self, ask: Callable[[], Evaluator], resources: Resources, vetoes: Vetoes) -> None:
        self._ask = ask
        self._resources = resources
        self._following = Following(ask, vetoes)
        self._hand_offs = HandOffGrounds(ask, resources, vetoes)
        self._items = ItemGrounds(ask, self._following)
        self._shared = SharedGrounds(ask, resources, self._following)

    def of(self, value: ast.expr, frame: Frame, iteration: Iteration) -> Ground:
        """Return the ground of `await value`, or of entering it. Raises NoGroundError."""
        if not isinstance(value, ast.Call):
            return self._of_awaitable(value, frame, iteration)
        name = last_name(value.func)
        if self._ask().qualified_name(self._ask().evaluate(value.func, frame)) == "builtins.getattr":
            raise NoGroundError(f"nobody knows what `{ast.unparse(value)}` waits for")
        own = isinstance(value.func, ast.Attribute) and iteration.of(value.func.value).own
        if name in _BATCHES and not own:
            raise NoGroundError(f"`{name}` runs several at once already")
        work = handed(value) if name in AROUND else self._following.passed_on(value, frame)
        if work is not None:
            return self.of(work, frame, iteration)
        text = f"`{ast.unparse(value.func)}`"
        # A method may be called like a class: `self.CloseKey(handle)`, `device.Bind_req(name)`.
        if (
            name[:1].isupper()
            and "_" not in name
            and iteration.repeats
            and not definitions(self._ask(), value.func, frame)
        ):
            return Ground(Kind.ITEM, f"{text} is made for each item", Tier.SHOWN)
        if self._resources.leaves_contexts(self._ask(), value.func, frame):
            raise NoGroundError(f"{text} leaves contexts, which belong to the task that entered them")
        if gives_nothing(self._ask(), value, frame):
            raise NoGroundError(f"{text} returns nothing that could be awaited")
        if is_missing(self._ask(), value.func, frame):
            raise NoGroundError(f"{text} was not found in the class of its object")
        # Before hand-offs, too: a thread that is given a session shares it no less.
        self._refuse_handed(value, frame, iteration)
        self._refuse_captured(value, frame, iteration)
        entry = self._resources.library_effects.of(self._ask().evaluate(value.func, frame))
        if entry is not None and entry.passive:
            raise NoGroundError(f"{text} waits for what goes on by itself")
        if not definitions(self._ask(), value.func, frame) and works_in_one_thread(self._ask(), value.func, frame):
            raise NoGroundError(f"{text} does its work in the one thread that all have")
        if puts_into_queue(value.func) and isinstance(self._ask().evaluate(value.func, frame), Unknown):
            raise NoGroundError(f"{text} waits only where there is no room")
        # One that polls is seen to wait, where it is followed; what belongs to an item tells that itself.
        if verb(name) in those("waiting") and (own or not definitions(self._ask(), value.func, frame)):
            raise NoGroundError(f"{text} waits for what goes on by itself")
        hand_off = self._hand_offs.of(value, frame, iteration)
        if hand_off is not None:
            return hand_off
        if isinstance(value.func, ast.Name) and iteration.binds(value.func.id):
            raise NoGroundError(f"{text} is called back")
        of_item = self._items.of(value, frame, iteration, entry)
        return of_item if of_item is not None else self._shared.of(value, frame, iteration, entry)

    def _of_awaitable(self, value: ast.expr, frame: Frame, iteration: Iteration) -> Ground:
        text = f"`{ast.unparse(value)}`"
        made = iteration.made(value)
        if made is not None:
            return self.of(made, frame, iteration)
        evaluator = self._ask()
        kind = kinds.kind(evaluator, evaluator.evaluate(value, frame))
        # It goes on whoever waits, so that waiting for several at once gains nothing.
        if kind is answer.Kind.TASK:
            raise NoGroundError(f"{text} runs already")
        if kind is answer.Kind.COROUTINE and iteration.of(value).varies:
            of = self._ask().evaluate(value, frame)
            function = of.function if isinstance(of, Coroutine) else None
            turns = self._following.see((function,), own=False).turns if function is not None else ""
            return ground_despite(turns, Kind.ITEM, f"{text} is a coroutine of its own")
        raise NoGroundError(f"nobody knows what {text} waits for")

    def _refuse_handed(self, call: ast.Call, frame: Frame, iteration: Iteration) -> None:
        """Refuse a call that is given what serves one at a time, or a query that writes."""
        for argument in given_values(call):
            if isinstance(argument, ast.Name | ast.Attribute) and not iteration.of(argument).own:
                if self._serves_one(argument, frame):
                    raise NoGroundError(f"each is given `{ast.unparse(argument)}`, which serves one at a time")
            for part in descendants(argument):
                if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and iteration.binds(part.func.id):
                    raise NoGroundError(f"`{part.func.id}` is called back")
                if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
                    # `await maybe(handler.start())`: what is handed on is called for the item.
                    refuse_turn(iteration.of(part.func.value))
            if any(writes_by_query(part) for text in written(argument, frame) for part in descendants(text)):
                raise NoGroundError("the query writes")

    def _refuse_captured(self, call: ast.Call, frame: Frame, iteration: Iteration) -> None:
        """Refuse a call of a nested function that uses what serves one at a time, and is another function's."""
        for function in (one for func in called_by(call) for one in definitions(self._ask(), func, frame)):
            for name in captured(function, frame):
                if not iteration.of(name).own and self._serves_one(name, function_scope(function)):
                    raise NoGroundError(f"`{function.name}` uses `{name.id}`, which serves one at a time")

    def _serves_one(self, node: ast.expr, frame: Frame) -> bool:
        by_name = any(self._resources.is_exclusive(self._ask(), node, frame, kind) for kind in _HANDED)
        return by_name or self._resources.takes_turns_unread(self._ask(), node, frame)
