"""Work that a task ends in its first step: nothing of it is there to be collected, and it cannot fail."""

import ast
import re
from dataclasses import dataclass
from functools import cache

from async_lint.inference.face import Frame, ModuleView, Site, last_name
from async_lint.knowledge.tables import table
from async_lint.rules._timeouts.given import Given, given

_QUEUE = re.compile(r"queue|(?:^|_)q$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Momentary:
    """A method that waits only if its object is bounded; `knowledge/scheduling.toml` says what the fields mean."""

    name: str
    made_by: tuple[str, ...]
    bound: str
    position: int

    def is_bounded(self, receiver: ast.expr, frame: Frame, view: ModuleView) -> bool:
        """Whether the object was seen to be made with a bound."""
        makers = view.project.origins(receiver, frame) or ()
        names = {*self.made_by, *map(view.names.canonical, self.made_by)}
        return any(self._bounds(maker) for maker in makers if view.calls.kind_of(maker.node, maker.frame).name in names)

    def _bounds(self, maker: Site) -> bool:
        # A queue whose `maxsize` is 0 has no bound.
        return given(maker.node, {self.bound: self.position}, (None, 0)) in (Given.SET, Given.HIDDEN)


@cache
def _momentary() -> dict[str, Momentary]:
    """Return the entries under the last word of their names."""
    entries = [Momentary(**{**entry, "made_by": tuple(entry["made_by"])}) for entry in table("scheduling")["momentary"]]
    return {entry.name.rpartition(".")[2]: entry for entry in entries}


def ends_at_once(work: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a coroutine of the table ends before it is suspended, without an error: a `put` that finds room."""
    if not isinstance(work.func, ast.Attribute):
        return False
    known = _momentary().get(work.func.attr)
    if known is None:
        return False
    name = view.calls.kind_of(work, frame).name
    if name is None:
        # What cannot be followed is not known to have a bound either.
        return _QUEUE.search(last_name(work.func.value)) is not None
    if name not in (known.name, view.names.canonical(known.name)):
        return False
    return not known.is_bounded(work.func.value, frame, view)
