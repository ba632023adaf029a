"""Results by file, for each project with its settings: those that hold, and how new ones join them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import uuid4

from async_lint.cache.changes import Changes, changes
from async_lint.cache.codec import trace_of_text, trace_to_text
from async_lint.cache.stamps import world
from async_lint.cache.store import NOTHING, Row, Store, World
from async_lint.cache.trace import Trace, TracedDisk
from async_lint.files.notebook import NOTEBOOK
from async_lint.project import NotedTexts, Project

# How often another process may be quicker.
_TRIES = 6
# With more files of another text, nearly everything rests on one of them.
_FEW = 30
# Each run that checks some files adds a part to what was noted. So many are made one.
_PARTS = 16
# What a text of somebody else's making raises where it is read.
BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, RecursionError)


class _Known(NamedTuple):
    """What the store has of a world.

    `generation` is None for nothing; `gone`, the files whose reports hold no more, None for all of them.
    """

    generation: str | None
    trace: Trace
    reports: Mapping[tuple[str, str], str]
    gone: Sequence[str] | None = ()


class Worlds:
    """Reports of files of the projects of one process; `files` is what it asks of the disk."""

    def __init__(self, store: Store, files: TracedDisk) -> None:
        self._store = store
        self._files = files
        self._known: dict[str, _Known] = {}
        self._names: dict[int, str] = {}

    def report(self, project: Project, path: str, variant: str = "") -> str | None:
        """Return what was kept for a file, if all that it rests on is as it was."""
        return self._of(project).reports.get((path, variant))

    def put(self, project: Project, rows: Sequence[Row]) -> None:
        """Keep reports on files of a project; they rest on what was asked of the disk until now."""
        # What was read twice with two contents is worth nothing to a later run.
        if self._files.is_lost:
            return
        name, known = self._name(project), self._of(project)
        texts = {str(path): text for path, text in project.texts().items()}
        for _ in range(_TRIES):
            trace = Trace()
            if self._files.is_lost or not (trace.add(known.trace) and trace.add(self._files.trace)):
                return
            noted = (
                self._store.noted(name, known.generation) if known.generation and known.gone is not None else NOTHING
            )
            together = len(noted.uses) >= _PARTS
            # What names told when other texts were there, they may tell no more.
            earlier = NotedTexts(noted.uses, "" if known.gone else noted.names)
            try:
                uses, names = project.noted_after(earlier, together)
            except BROKEN:
                uses, names = project.noted_after(NotedTexts((), ""), False)
                known = known._replace(gone=None)
            now = World(uuid4().hex, trace_to_text(trace), names)
            if self._store.put_world(name, known.generation, now, rows, known.gone, texts, uses, together):
                return
            known = self._written_meanwhile(name)

    def asked(self) -> Trace | None:
        """Return all that the reports rest on that were asked for or kept; None where that cannot be told."""
        trace = Trace()
        parts = [*(known.trace for known in self._known.values()), self._files.trace]
        return trace if not self._files.is_lost and all(map(trace.add, parts)) else None

    def _name(self, project: Project) -> str:
        name = self._names.get(id(project))
        if name is None:
            name = self._names[id(project)] = world(project)
        return name

    def _of(self, project: Project) -> _Known:
        name = self._name(project)
        if name not in self._known:
            self._known[name] = self._load(name, project)
        return self._known[name]

    def _load(self, name: str, project: Project) -> _Known:
        row = self._store.world(name)
        trace = _trace(row)
        if row is None or trace is None:
            return _nothing(row)
        changed = changes(trace)
        if changed.elsewhere or len(changed.files) > _FEW:
            return _nothing(row)
        reports = {(path, variant): report for path, variant, report in self._store.reports(name, row.generation)}
        if not changed.files:
            if changed.now != trace:
                # Read again and found the same: from now on, a look at the time will do.
                self._store.put_trace(name, row.generation, trace_to_text(changed.now))
            return _Known(row.generation, changed.now, reports)
        try:
            return self._without_stale(name, project, row.generation, changed, reports)
        except BROKEN:
            return _nothing(row)

    def _without_stale(
        self, name: str, project: Project, generation: str, changed: Changes, reports: Mapping[tuple[str, str], str]
    ) -> _Known:
        """Leave out the reports that rest on what is otherwise now that some files have other texts."""
        # Nothing but its own report rests on a notebook.
        now = {path: text for path, text in changed.files.items() if not path.lower().endswith(NOTEBOOK)}
        before = self._store.texts(name, generation, now)
        if before.keys() != now.keys():
            # What is no file of the project, such as a module of the environment: nobody noted who looked at it.
            return _Known(generation, Trace(), {}, None)
        noted = self._store.noted(name, generation)
        if not noted.uses:
            return _Known(generation, Trace(), {}, None)
        stale = project.resting_on(NotedTexts(*noted), before, now) | changed.files.keys()
        left = {key: report for key, report in reports.items() if key[0] not in stale}
        return _Known(generation, changed.now, left, sorted(stale))

    def _written_meanwhile(self, name: str) -> _Known:
        """Return what another process has put into a world; it holds where both were told the same."""
        row = self._store.world(name)
        trace = _trace(row)
        return _nothing(row) if row is None or trace is None else _Known(row.generation, trace, {})


def _nothing(row: World | None) -> _Known:
    return _Known(row and row.generation, Trace(), {}, None)


def _trace(row: World | None) -> Trace | None:
    try:
        return trace_of_text(row.trace) if row is not None else None
    except BROKEN:
        return None
