"""The ground of calls on what belongs to one item: `await page.load()` in a loop over pages."""

import ast
from collections.abc import Callable

from async_lint.inference.effects.library_effects import LibraryEffect
from async_lint.inference.independence.elements import asks_element
from async_lint.inference.independence.followed import Following, is_common, turns_of
from async_lint.inference.independence.given_arguments import given_values
from async_lint.inference.independence.provenance import Iteration, Provenance
from async_lint.inference.independence.scanned import Waits
from async_lint.inference.independence.surroundings import is_in_beginning, is_in_device
from async_lint.inference.independence.unread import is_unseen
from async_lint.inference.independence.verdict import Ground, Kind, NoGroundError, Tier, ground_despite
from async_lint.inference.independence.words import asks, thing, those, verb
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.types.values import Frame

_LINKS = 3  # steps from the item to the receiver: of more, nobody says that two items lead to two things


class ItemGrounds:
    def __init__(self, ask: Callable[[], Evaluator], following: Following) -> None:
        self._ask = ask
        self._following = following

    def of(self, call: ast.Call, frame: Frame, iteration: Iteration, entry: LibraryEffect | None) -> Ground | None:
        """Return the ground of a call; None where its receiver does not belong to the item. Raises NoGroundError.

        `entry` says what a library's call changes.
        """
        func = call.func
        if not isinstance(func, ast.Attribute):
            return None
        receiver = iteration.of(func.value)
        if not receiver.own:
            return None
        _refuse_receiver(func, receiver)
        text, does = f"`{ast.unparse(func)}`", verb(func.attr)
        if entry is not None and entry.part and not asks(func.attr):
            raise NoGroundError(f"{text} uses a part of something that serves one at a time")
        if does in those("writing"):
            given = next((node for node in call.args if is_common(node, iteration)), None)
            if given is not None:
                raise NoGroundError(f"{text} may change `{ast.unparse(given)}`, which each is given")
        read = self._following.of(call, frame, iteration, own=True)
        if read is None and entry is None:
            read = self._following.perhaps(call, frame, iteration, own=True)
            if receiver.links == 0 and not receiver.varies:
                raise NoGroundError(f"nobody knows what {text} does")
        is_removed = does in those("removing")
        if not is_removed and (is_in_device(frame) or not receiver.words.isdisjoint(those("devices"))):
            raise NoGroundError(f"{text} asks a device, which takes one command at a time")
        if read is not None and read.waits < Waits.BY_KIND:
            raise NoGroundError(f"{text} seldom waits for anything")
        if read is not None and entry is None:
            seen = True
        else:
            # What each is given may be changed by what nobody has read.
            alone = not any(is_common(argument, iteration) for argument in given_values(call))
            seen = entry is not None or (asks(func.attr) and alone and not is_unseen(self._ask(), func, frame))
            if not seen and not asks(func.attr) and not is_removed:
                raise NoGroundError(f"nobody knows what {text} does")
        by_kind = read is not None and read.waits is Waits.BY_KIND
        is_brief = by_kind or (entry is not None and entry.brief) or asks_element(self._ask(), func, frame)
        is_protocol = does in those("beginning") and is_in_beginning(frame)
        tier = Tier.SHOWN if seen and not is_protocol else Tier.PLAUSIBLE
        says = f"{text} is called on an object that belongs to one item"
        return ground_despite(turns_of(read), Kind.ITEM, says, tier, is_brief and tier is Tier.SHOWN)


def refuse_turn(receiver: Provenance) -> None:
    """Refuse an item that has its turn, as its name says."""
    ordered = receiver.words & those("ordered-things")
    if receiver.own and ordered and receiver.links == 0:
        raise NoGroundError(f"a {min(ordered)} has its turn")


def _refuse_receiver(func: ast.Attribute, receiver: Provenance) -> None:
    """Refuse what an item may share with the others, and what is called in an order."""
    text = f"`{ast.unparse(func)}`"
    if func.attr.startswith("__"):
        raise NoGroundError(f"{text} belongs to the task that calls it")
    if receiver.links > _LINKS:
        raise NoGroundError(f"{text} is too far from the item")
    shared = _exclusive_on_the_way(func.value)
    if shared:
        raise NoGroundError(f"{text} leads to a {shared}, which the items may share")
    refuse_turn(receiver)
    # Of two things that are made from the items, nobody knows that they are two.
    made = receiver.links > 0 and not isinstance(func.value, ast.Subscript)
    if verb(func.attr) in those("ordering-verbs" if made else "hooks"):
        raise NoGroundError(f"nothing says that the order in which {text} is called does not count")


def _exclusive_on_the_way(node: ast.expr) -> str:
    """Return what serves one at a time among the attributes that lead from an item to a receiver; empty if nothing."""
    while isinstance(node, ast.Attribute):
        if thing(node) in those("exclusive-behind-items"):
            return thing(node)
        node = node.value
    return ""
