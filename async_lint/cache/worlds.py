"""Results by file, for each project with its settings: those that hold, and how new ones join them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from async_lint.cache.changes import changes
from async_lint.cache.codec import trace_of_text, trace_to_text
from async_lint.cache.stamps import world
from async_lint.cache.store import Store, World
from async_lint.cache.trace import Trace, TracedDisk

if TYPE_CHECKING:
    from async_lint.projects import Project

# How often another process may be quicker.
_TRIES = 6


class _Known(NamedTuple):
    """What the store has of a world: `generation` None for nothing; `stale`, for nothing that still holds."""

    generation: str | None
    trace: Trace
    texts: dict[str, str]
    stale: bool


class Worlds:
    """Texts by key, of files of the projects of one process; `files` is what it asks of the disk."""

    def __init__(self, store: Store, files: TracedDisk) -> None:
        self._store = store
        self._files = files
        self._known: dict[str, _Known] = {}
        self._names: dict[int, str] = {}

    def text(self, project: "Project", file: str) -> str | None:
        """Return what was kept for a file, if all that it rests on is as it was."""
        return self._of(self._name(project)).texts.get(file)

    def put(self, project: "Project", texts: Sequence[tuple[str, str]]) -> None:
        """Keep texts for files of a project; they rest on what was asked of the disk until now."""
        name = self._name(project)
        known = self._of(name)
        for _ in range(_TRIES):
            trace = Trace()
            # What was read twice with two contents is worth nothing to a later run.
            if self._files.is_lost or not (trace.add(known.trace) and trace.add(self._files.trace)):
                return
            now = World(uuid4().hex, trace_to_text(trace), "")
            if self._store.put_world(name, known.generation, now, texts, None if known.stale else ()):
                self._known[name] = _Known(now.generation, trace, {**known.texts, **dict(texts)}, False)
                return
            known = self._written_meanwhile(name)

    def asked(self) -> Trace | None:
        """Return all that the texts rest on that were asked for or kept; None where that cannot be told."""
        trace = Trace()
        parts = [*(known.trace for known in self._known.values()), self._files.trace]
        return trace if not self._files.is_lost and all(map(trace.add, parts)) else None

    def _name(self, project: "Project") -> str:
        name = self._names.get(id(project))
        if name is None:
            name = self._names[id(project)] = world(project)
        return name

    def _of(self, name: str) -> _Known:
        if name not in self._known:
            self._known[name] = self._load(name)
        return self._known[name]

    def _load(self, name: str) -> _Known:
        row = self._store.world(name)
        trace = _trace(row)
        if row is None or trace is None:
            return _Known(row and row.generation, Trace(), {}, row is not None)
        changed = changes(trace)
        if changed.files or changed.elsewhere:
            return _Known(row.generation, Trace(), {}, True)
        if changed.now != trace:
            # Read again and found the same: from now on, a look at the time will do.
            now = World(row.generation, trace_to_text(changed.now), row.uses)
            self._store.put_world(name, row.generation, now, (), ())
        return _Known(row.generation, changed.now, self._store.reports(name, row.generation), False)

    def _written_meanwhile(self, name: str) -> _Known:
        """Return what another process has put into a world; it holds where both were told the same."""
        row = self._store.world(name)
        return _Known(row and row.generation, _trace(row) or Trace(), {}, row is not None and _trace(row) is None)


def _trace(row: World | None) -> Trace | None:
    try:
        return trace_of_text(row.trace) if row is not None else None
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
