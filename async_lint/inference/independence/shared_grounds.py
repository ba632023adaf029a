"""The ground of calls on what all iterations have: a client, a function, the object that the code belongs to.

await self.client.get(url)                read: it asks, and the client serves several at once
await self.store.delete(key)              remove: it takes away what the item names
await self.store.put(key, value)          keyed, in a loop over `items()`: no other iteration has that key
await self.visit(name)                    followed: it was read, to what it waits for, and seems to change nothing
"""

import ast
from collections.abc import Callable

from async_lint.inference.effects.library_effects import Change, LibraryEffect
from async_lint.inference.independence.followed import Followed, Following, turns_of
from async_lint.inference.independence.given_arguments import given_values
from async_lint.inference.independence.provenance import Iteration
from async_lint.inference.independence.resources import Resources
from async_lint.inference.independence.scanned import Waits
from async_lint.inference.independence.surroundings import is_of_device
from async_lint.inference.independence.unread import is_given_one
from async_lint.inference.independence.verdict import Ground, Kind, NoGroundError, Tier, ground_despite
from async_lint.inference.independence.words import asks, those, verb, words
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import last_name
from async_lint.inference.types.values import Frame

_EXCLUSIVE = ("exclusive", "exclusive-behind")


class SharedGrounds:
    def __init__(self, ask: Callable[[], Evaluator], resources: Resources, following: Following) -> None:
        self._ask = ask
        self._resources = resources
        self._following = following

    def of(self, call: ast.Call, frame: Frame, iteration: Iteration, entry: LibraryEffect | None) -> Ground:
        """Return the ground of a call. `entry` says what a library's call changes. Raises NoGroundError."""
        func, name = call.func, last_name(call.func)
        text, does = f"`{ast.unparse(func)}`", verb(name)
        serves = self._serves_several(func, frame)
        # What is handed over may do anything, whatever the name of who calls it says.
        is_question = asks(name) and not any(isinstance(value, ast.Lambda) for value in given_values(call))
        harmless = entry is not None and entry.change in (Change.NOTHING, Change.WRAPS)
        # That a method changes nothing is not enough where its object serves one at a time.
        known = harmless and (bool(serves) or not (entry and entry.method))
        keyed = iteration.keys(call) and does not in those("hooks") | those("sending")
        if not known and does in those("ordering-verbs") | those("sending") and not is_question and not keyed:
            raise NoGroundError(f"nothing says that the order in which {text} is called does not count")
        followed = self._following.of(call, frame, iteration, own=False)
        if followed is None and name in those("computing"):
            raise NoGroundError(f"{text} is worked out here, without asking anybody")
        why = f": {entry.why}" if entry is not None and entry.why else ""
        if known or (serves and is_question):
            return ground_despite(turns_of(followed), Kind.READ, f"{text} may run several times at once{why}")
        is_removed, in_device = does in those("removing"), is_of_device(func, frame)
        if in_device and not is_removed and (followed is None or followed.waits is not Waits.SURELY):
            raise NoGroundError(f"{text} asks a device, which takes one command at a time")
        read = followed
        if read is None and entry is None and (is_removed or keyed or does in those("uploading")):
            read = self._following.perhaps(call, frame, iteration, own=False)
        if read is not None and read.waits < Waits.BY_KIND:
            place = f" ({read.place})" if read.place else ""
            raise NoGroundError(f"{text}{place} seldom waits for anything")
        if is_removed:
            is_known = serves and entry is not None and entry.change in (Change.KEYED, Change.NOTHING)
            is_read = followed is not None and followed.waits is Waits.SURELY and not followed.puts
            tier = Tier.SHOWN if is_known or (is_read and not in_device) else Tier.PLAUSIBLE
            says = f"{text} takes away only what the item names{why if is_known else ''}"
            return ground_despite(turns_of(read), Kind.REMOVE, says, tier)
        if is_question:
            return self._of_question(call, frame, iteration, followed)
        if followed is None and does in those("uploading") and iteration.repeats:
            return ground_despite(turns_of(read), Kind.KEYED, f"{text} brings something of its own", Tier.PLAUSIBLE)
        if keyed:
            return ground_despite(turns_of(read), Kind.KEYED, f"{text} is given a key of its own", Tier.PLAUSIBLE)
        if followed is None:
            return self._of_answered(call, frame, iteration)
        return self._of_followed(call, frame, iteration, followed)

    def _serves_several(self, func: ast.expr, frame: Frame) -> bool | None:
        """Return whether the receiver serves several at once, if it is known; refuse one that serves one at a time."""
        if not isinstance(func, ast.Attribute):
            return None
        if any(self._resources.is_exclusive(self._ask(), func.value, frame, kind) for kind in _EXCLUSIVE):
            raise NoGroundError(f"`{ast.unparse(func.value)}` serves one at a time")
        return self._resources.serves_several(self._ask(), func.value, frame)

    def _of_question(self, call: ast.Call, frame: Frame, iteration: Iteration, followed: Followed | None) -> Ground:
        """Return the ground of a call that asks for something, by its name."""
        text = f"`{ast.unparse(call.func)}`"
        if followed is not None:
            turns = "" if followed.turns else ", and nothing seen in it makes others wait"
            tier = Tier.PLAUSIBLE if is_of_device(call.func, frame) else Tier.SHOWN
            little = tier is Tier.SHOWN and followed.waits is not Waits.SURELY
            says = f"{text} ({followed.place}) asks for something{turns}"
            return ground_despite(followed.turns, Kind.READ, says, tier, little)
        # A name alone is often that of a look at what is there; the project's methods of that name say more.
        perhaps = self._following.perhaps(call, frame, iteration, own=False)
        is_sure = perhaps is not None and perhaps.waits is Waits.SURELY and iteration.repeats
        says = f"{text} asks for something, by its name"
        return ground_despite(turns_of(perhaps), Kind.READ, says, Tier.SHOWN if is_sure else Tier.PLAUSIBLE)

    def _of_answered(self, call: ast.Call, frame: Frame, iteration: Iteration) -> Ground:
        """Return the ground of a call of which nothing is known but that what comes of it is used."""
        text, does = f"`{ast.unparse(call.func)}`", verb(last_name(call.func))
        read = self._following.perhaps(call, frame, iteration, own=False)
        is_little = is_of_device(call.func, frame) or (read is not None and read.waits < Waits.BY_KIND)
        if iteration.drops(call) or is_little or does in those("beginning") | those("writing") | those("waiting"):
            raise NoGroundError(f"nothing says that the order in which {text} is called does not count")
        return ground_despite(turns_of(read), Kind.READ, f"what comes of {text} is used", Tier.PLAUSIBLE)

    def _of_followed(self, call: ast.Call, frame: Frame, iteration: Iteration, followed: Followed) -> Ground:
        callee = f"`{ast.unparse(call.func)}` ({followed.place})"
        # Who wants no answer does not ask: what is posted is a change, and the other side may number what it gets.
        tells = f"{followed.posts}, and nobody reads the answer" if followed.posts and iteration.drops(call) else ""
        turns = followed.turns or tells
        says = f"{callee} was followed" if turns else f"nothing seen in {callee} makes others wait"
        named = words(last_name(call.func))
        if not those("beginning").isdisjoint(named):
            raise NoGroundError(f"{callee} begins something, so that the order may be a protocol")
        if followed.fills:
            raise NoGroundError(followed.fills)
        in_device = is_of_device(call.func, frame)
        changes = followed.puts or is_given_one(self._ask(), call, frame, iteration)
        # That nothing was seen is no proof; of those that wait and seem to change nothing, most were independent.
        sure = iteration.repeats and those("waiting").isdisjoint(named) and not (changes or in_device)
        little = sure and followed.waits is not Waits.SURELY
        return ground_despite(turns, Kind.FOLLOWED, says, Tier.SHOWN if sure else Tier.PLAUSIBLE, little)
