"""What speaks for one await of an iteration: its ground; or why there is none.

    await asyncio.to_thread(parse, path)      hand-off: a thread does the work
    await page.load()                         item: `page` is the item
    await self.client.get(url)                read: it asks, and the client serves several at once
    await self.store.delete(key)              remove: it takes away what the item names
    await self.store.put(key, value)          keyed, in a loop over `items()`: no other iteration has that key
    await self.visit(name)                    followed: it was read, to what it waits for, and seems to change nothing
    await self.bus.send(event)                none: whether the order counts is for the other side to say

A ground is *shown* where what is called was followed, where a table knows it, or where it asks by its name: of labelled
loops, those that only a name spoke for were as often independent as the others. The rest is *plausible* (see `Tier`).
"""

import ast
from collections.abc import Callable

from async_lint.inference.effects.library_effects import Change, LibraryEffect
from async_lint.inference.independence.callees import definitions
from async_lint.inference.independence.followed import Followed, Following, is_common
from async_lint.inference.independence.handed_work import AROUND, handed, is_hand_off, shares_threads
from async_lint.inference.independence.provenance import Iteration, Provenance
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.scanned import Waits
from async_lint.inference.independence.thread_work import computes, is_of_files
from async_lint.inference.independence.threads import only_hands_off, tier_of_executor, tier_within
from async_lint.inference.independence.unread import is_given_one, is_unseen
from async_lint.inference.independence.verdict import Ground, Kind, NoGroundError, Tier
from async_lint.inference.independence.vetoes import Vetoes
from async_lint.inference.independence.words import asks, thing, those, verb, words, writes_by_query
from async_lint.inference.kinds import kinds
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types import answer
from async_lint.inference.types.values import Coroutine, Frame

_LINKS = 3  # steps from the item to the receiver: of more, nobody says that two items lead to two things
_BATCHES = frozenset({"as_completed", "gather", "wait"})
_EXCLUSIVE = ("exclusive", "exclusive-behind")
_HANDED = ("exclusive", "exclusive-handed")


class Grounds:
    """Finds the ground of an await."""

    def __init__(self, ask: Callable[[], Evaluator], resources: Resources, vetoes: Vetoes) -> None:
        self._ask = ask
        self._resources = resources
        self._vetoes = vetoes
        self._following = Following(ask, vetoes)

    def of(self, value: ast.expr, frame: Frame, iteration: Iteration) -> Ground:
        """Return the ground of `await value`, or of entering it. Raises NoGroundError."""
        if not isinstance(value, ast.Call):
            return self._of_awaitable(value, frame, iteration)
        name = last_name(value.func)
        if name in _BATCHES:
            raise NoGroundError(f"`{name}` runs several at once already")
        work = handed(value) if name in AROUND else self._following.passed_on(value, frame)
        if work is not None:
            return self.of(work, frame, iteration)
        text = f"`{ast.unparse(value.func)}`"
        if name[:1].isupper() and iteration.repeats:
            return Ground(Kind.ITEM, f"{text} is made for each item", Tier.SHOWN)
        # Before hand-offs, too: a thread that is given a session shares it no less.
        self._refuse_handed(value, frame, iteration)
        entry = self._resources.library_effects.of(self._ask().evaluate(value.func, frame))
        if entry is not None and entry.passive:
            raise NoGroundError(f"{text} waits for what goes on by itself")
        # One that polls is seen to wait, where it is followed; what belongs to an item tells that itself.
        own = isinstance(value.func, ast.Attribute) and iteration.of(value.func.value).own
        if verb(name) in those("waiting") and (own or not definitions(self._ask(), value.func, frame)):
            raise NoGroundError(f"{text} waits for what goes on by itself")
        hand_off = self._hand_off(value, frame, iteration)
        if hand_off is not None:
            return hand_off
        if isinstance(value.func, ast.Attribute):
            receiver = iteration.of(value.func.value)
            if receiver.own:
                return self._of_item(value, value.func, receiver, frame, iteration, entry)
        elif isinstance(value.func, ast.Name) and iteration.binds(value.func.id):
            raise NoGroundError(f"{text} is called back")
        return self._of_shared(value, frame, iteration, entry)

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
            return _ground(Kind.ITEM, f"{text} is a coroutine of its own", turns)
        raise NoGroundError(f"nobody knows what {text} waits for")

    def _refuse_handed(self, call: ast.Call, frame: Frame, iteration: Iteration) -> None:
        """Refuse a call that is given what serves one at a time, or a query that writes."""
        for argument in _values(call):
            if isinstance(argument, ast.Name | ast.Attribute) and not iteration.of(argument).own:
                if any(self._resources.is_exclusive(self._ask(), argument, frame, kind) for kind in _HANDED):
                    raise NoGroundError(f"each is given `{ast.unparse(argument)}`, which serves one at a time")
            for part in descendants(argument):
                if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and iteration.binds(part.func.id):
                    raise NoGroundError(f"`{part.func.id}` is called back")
                if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
                    # `await maybe(handler.start())`: what is handed on is called for the item.
                    _refuse_turn(iteration.of(part.func.value))
            if any(writes_by_query(part) for part in descendants(argument)):
                raise NoGroundError("the query writes")

    def _hand_off(self, call: ast.Call, frame: Frame, iteration: Iteration) -> Ground | None:
        """Return the ground of a call that hands work to a thread, or of a function that does no more than that."""
        name = last_name(call.func)
        turns, tier = "", Tier.SHOWN
        if not is_hand_off(call.func):
            called = definitions(self._ask(), call.func, frame)
            # `save` may do its work in a thread: what it saves to is still the same for all.
            if len(called) != 1 or verb(name) in those("ordering-verbs") or not only_hands_off(called[0]):
                return None
            self._vetoes.followed += called
            # One that only some calls come to is none to count on.
            within = self._vetoes.of(called, own=False)
            always = within.waits is Waits.SURELY and not within.puts
            tier = tier_within(self._ask(), called[0]) if always else Tier.PLAUSIBLE
        elif name == "sync_to_async" and not shares_threads(call):
            raise NoGroundError("`sync_to_async` leaves all work to one thread")
        else:
            if name == "run_in_executor" and call.args:
                tier = tier_of_executor(self._ask(), call.args[0], frame)
            work = handed(call)
            if isinstance(work, ast.Name | ast.Attribute):
                if computes(self._ask(), work, frame):
                    raise NoGroundError(f"`{ast.unparse(work)}` only computes, and threads take turns in that")
                if is_of_files(self._ask(), self._resources, work, frame):
                    tier = Tier.PLAUSIBLE
                own = isinstance(work, ast.Attribute) and iteration.of(work.value).own
                functions = definitions(self._ask(), work, frame)
                seen = self._vetoes.of(functions, own, in_thread=True)
                if seen.veto:
                    raise NoGroundError(seen.veto)
                if not functions and not own and self._resources.may_change(self._ask(), work, frame):
                    raise NoGroundError(f"`{ast.unparse(work)}` may change what all of them have")
                turns = seen.turns
        return _ground(Kind.HAND_OFF, f"`{ast.unparse(call.func)}` leaves the work to a thread", turns, tier)

    def _of_item(
        self,
        call: ast.Call,
        func: ast.Attribute,
        receiver: Provenance,
        frame: Frame,
        iteration: Iteration,
        entry: LibraryEffect | None,
    ) -> Ground:
        text, does = f"`{ast.unparse(func)}`", verb(func.attr)
        if func.attr.startswith("__"):
            raise NoGroundError(f"{text} belongs to the task that calls it")
        if receiver.links > _LINKS:
            raise NoGroundError(f"{text} is too far from the item")
        shared = _exclusive_on_the_way(func.value)
        if shared:
            raise NoGroundError(f"{text} leads to a {shared}, which the items may share")
        _refuse_turn(receiver)
        # Of two things that are made from the items, nobody knows that they are two.
        made = receiver.links > 0 and not isinstance(func.value, ast.Subscript)
        if does in those("ordering-verbs" if made else "hooks"):
            raise NoGroundError(f"nothing says that the order in which {text} is called does not count")
        if entry is not None and entry.part and not asks(func.attr):
            raise NoGroundError(f"{text} uses a part of something that serves one at a time")
        if does in those("writing"):
            given = next((node for node in call.args if is_common(node, iteration)), None)
            if given is not None:
                raise NoGroundError(f"{text} may change `{ast.unparse(given)}`, which each is given")
        followed = self._following.of(call, frame, iteration, own=True)
        guess = (
            self._following.perhaps(call, frame, iteration, own=True) if followed is None and entry is None else None
        )
        if followed is None and entry is None and receiver.links == 0 and not receiver.varies:
            raise NoGroundError(f"nobody knows what {text} does")
        read = followed or guess
        if does not in those("removing") and (_is_device(frame) or not receiver.words.isdisjoint(those("devices"))):
            raise NoGroundError(f"{text} asks a device, which takes one command at a time")
        if read is not None and read.waits < Waits.PERHAPS and does not in those("removing"):
            raise NoGroundError(f"{text} seldom waits for anything")
        if read is not None and entry is None:
            seen = read.waits >= Waits.PERHAPS
        else:
            # What each is given may be changed by what nobody has read.
            alone = not any(is_common(argument, iteration) for argument in _values(call))
            seen = entry is not None or (asks(func.attr) and alone and not is_unseen(self._ask(), func, frame))
            if not seen and not asks(func.attr) and does not in those("removing"):
                raise NoGroundError(f"nobody knows what {text} does")
        unsure = not seen or (entry is not None and entry.brief) or (does in those("beginning") and _begins(frame))
        tier = Tier.PLAUSIBLE if unsure else Tier.SHOWN
        return _ground(Kind.ITEM, f"{text} is called on an object that belongs to one item", _turns(read), tier)

    def _of_shared(self, call: ast.Call, frame: Frame, iteration: Iteration, entry: LibraryEffect | None) -> Ground:
        func = call.func
        text = f"`{ast.unparse(func)}`"
        does = verb(last_name(func))
        serves = None
        if isinstance(func, ast.Attribute):
            if any(self._resources.is_exclusive(self._ask(), func.value, frame, kind) for kind in _EXCLUSIVE):
                raise NoGroundError(f"`{ast.unparse(func.value)}` serves one at a time")
            serves = self._resources.serves_several(self._ask(), func.value, frame)
        harmless = entry is not None and entry.change in (Change.NOTHING, Change.WRAPS)
        # That a method changes nothing is not enough where its object serves one at a time.
        known = harmless and (bool(serves) or not (entry and entry.method))
        keyed = iteration.keys(call) and does not in those("hooks") | those("sending")
        if not known and does in those("ordering-verbs") | those("sending") and not asks(last_name(func)) and not keyed:
            raise NoGroundError(f"nothing says that the order in which {text} is called does not count")
        followed = self._following.of(call, frame, iteration, own=False)
        if followed is None and last_name(func) in those("computing"):
            raise NoGroundError(f"{text} is worked out here, without asking anybody")
        why = f": {entry.why}" if entry is not None and entry.why else ""
        if does in those("removing"):
            is_known = serves and entry is not None and entry.change in (Change.KEYED, Change.NOTHING)
            read = (
                followed is not None and followed.waits is Waits.SURELY and not followed.puts and not _is_device(frame)
            )
            tier = Tier.SHOWN if is_known or read else Tier.PLAUSIBLE
            says = f"{text} takes away only what the item names{why if is_known else ''}"
            return _ground(Kind.REMOVE, says, _turns(followed), tier)
        if known or (serves and asks(last_name(func))):
            return _ground(Kind.READ, f"{text} may run several times at once{why}", _turns(followed))
        device = _is_device(frame)
        if device and (followed is None or followed.waits is not Waits.SURELY):
            raise NoGroundError(f"{text} asks a device, which takes one command at a time")
        if followed is not None and followed.waits < Waits.PERHAPS:
            raise NoGroundError(f"{text} ({followed.place}) seldom waits for anything")
        if asks(last_name(func)):
            if followed is None:
                # The steps of a run were written in an order: there a name alone shows less (see `judged_runs`).
                tier = Tier.SHOWN if iteration.repeats else Tier.PLAUSIBLE
                if isinstance(func, ast.Attribute):
                    followed = self._following.perhaps(call, frame, iteration, own=False)
                    if followed is not None and followed.waits is not Waits.SURELY:
                        tier = Tier.PLAUSIBLE
                return _ground(Kind.READ, f"{text} asks for something, by its name", _turns(followed), tier)
            turns = "" if followed.turns else ", and nothing seen in it makes others wait"
            tier = Tier.SHOWN if followed.waits is Waits.SURELY and not device else Tier.PLAUSIBLE
            return _ground(Kind.READ, f"{text} ({followed.place}) asks for something{turns}", followed.turns, tier)
        if keyed:
            return _ground(Kind.KEYED, f"{text} is given a key of its own", _turns(followed), Tier.PLAUSIBLE)
        if followed is None:
            raise NoGroundError(f"nothing says that the order in which {text} is called does not count")
        return self._of_followed(call, frame, iteration, followed)

    def _of_followed(self, call: ast.Call, frame: Frame, iteration: Iteration, followed: Followed) -> Ground:
        callee = f"`{ast.unparse(call.func)}` ({followed.place})"
        says = f"{callee} was followed" if followed.turns else f"nothing seen in {callee} makes others wait"
        named = words(last_name(call.func))
        if not those("beginning").isdisjoint(named):
            raise NoGroundError(f"{callee} begins something, so that the order may be a protocol")
        if followed.fills:
            raise NoGroundError(followed.fills)
        changes = followed.puts or is_given_one(self._ask(), call, frame, iteration)
        # That nothing was seen is no proof; of those that wait and seem to change nothing, most were independent.
        sure = followed.waits is Waits.SURELY and iteration.repeats and those("waiting").isdisjoint(named)
        sure = sure and not (changes or _is_device(frame))
        return _ground(Kind.FOLLOWED, says, followed.turns, Tier.SHOWN if sure else Tier.PLAUSIBLE)


def _turns(followed: Followed | None) -> str:
    return followed.turns if followed is not None else ""


def _ground(kind: Kind, text: str, turns: str, tier: Tier = Tier.SHOWN) -> Ground:
    """Return a ground; where `turns` lets one at a time on for a part of the work, it is plausible at most."""
    return Ground(kind, f"{text}, though {turns}", Tier.PLAUSIBLE) if turns else Ground(kind, text, tier)


def _refuse_turn(receiver: Provenance) -> None:
    """Refuse an item that has its turn, as its name says."""
    ordered = receiver.words & those("ordered-things")
    if receiver.own and ordered and receiver.links == 0:
        raise NoGroundError(f"a {min(ordered)} has its turn")


def _exclusive_on_the_way(node: ast.expr) -> str:
    """Return what serves one at a time among the attributes that lead from an item to a receiver; empty if nothing."""
    while isinstance(node, ast.Attribute):
        if thing(node) in those("exclusive-behind-items"):
            return thing(node)
        node = node.value
    return ""


def _values(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _begins(frame: Frame) -> bool:
    """Whether the function around begins something, as its name says: there the order may be a protocol."""
    scope = frame.enclosing_function()
    name = scope.function.name if scope is not None and scope.function is not None else ""
    return not those("beginning").isdisjoint(words(name)) or name == "__aenter__"


def _is_device(frame: Frame) -> bool:
    """Whether the code is a method of something that takes one command at a time, as its name says."""
    method = frame.method()
    owner = method.function.owner if method is not None and method.function is not None else None
    return owner is not None and not those("devices").isdisjoint(words(owner.name))
