"""Results by file, for each project with its settings: those that hold, and how new ones join them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple
from uuid import uuid4

from async_lint.cache.changes import Changes, changes
from async_lint.cache.codec import foreign_is_wrong, trace_of_text, trace_to_text
from async_lint.cache.stamps import world
from async_lint.cache.store import Row, Store, World
from async_lint.cache.trace import Trace, TracedDisk
from async_lint.files.notebook import NOTEBOOK
from async_lint.project import Project

# How often another process may be quicker.
_TRIES = 6
# With more files of another text, nearly everything rests on one of them.
_FEW = 30
# Each run that checks some files adds a part to what was noted. So many are made one.
_PARTS = 16


class _Known(NamedTuple):
    """What the store has of a world.

    `generation` is None for nothing; `gone`, the files whose reports hold no more, None for all of them.
    """

    generation: str | None
    trace: Trace = Trace()
    reports: Mapping[tuple[str, str], str] = {}
    gone: Sequence[str] | None = None


class Worlds:
    """Reports of files of the projects of one process; `files` is what it asks of the disk."""

    def __init__(self, store: Store, files: TracedDisk) -> None:
        self._store = store
        self._files = files
        self._known: dict[str, _Known] = {}
        self._names: dict[Project, str] = {}

    def report(self, project: Project, path: str, variant: str = "") -> str | None:
        """Return what was kept for a file, if all that it rests on is as it was."""
        return self._of(project).reports.get((path, variant))

    def put(self, project: Project, rows: Sequence[Row]) -> None:
        """Keep reports on files of a project; they rest on what was asked of the disk until now."""
        # What was read twice with two contents is worth nothing to a later run, nor is what others were told.
        if self._files.is_lost:
            return
        name, known = self._name(project), self._of(project)
        texts = {str(path): text for path, text in project.texts().items()}
        for _ in range(_TRIES):
            trace = Trace()
            if self._files.is_lost or not (trace.add(known.trace) and trace.add(self._files.trace)):
                return
            together = self._store.parts(name) >= _PARTS
            try:
                uses, names = self._noted(name, project, known, together)
            except ValueError:
                uses, names = project.noted_after((), "")
                known = known._replace(gone=None)
            now = World(uuid4().hex, trace_to_text(trace), names)
            if self._store.put_world(name, known.generation, now, rows, known.gone, texts, uses, together):
                return
            known = self._written_meanwhile(name)

    def _noted(self, name: str, project: Project, known: _Known, together: bool) -> tuple[str, str]:
        """Return what this process noted, after what others have if that is to be put `together`. Raises ValueError."""
        generation = known.generation if known.gone is not None else None
        before = self._store.uses(name, generation) if generation and together else ()
        # What names told when other texts were there, they may tell no more.
        names = self._store.names(name, generation) if generation and not known.gone else ""
        with foreign_is_wrong():
            return project.noted_after(before, names)

    def asked(self) -> Trace | None:
        """Return all that the reports rest on that were asked for or kept; None where that cannot be told."""
        trace = Trace()
        parts = [*(known.trace for known in self._known.values()), self._files.trace]
        return trace if not self._files.is_lost and all(map(trace.add, parts)) else None

    def _name(self, project: Project) -> str:
        if project not in self._names:
            self._names[project] = world(project)
        return self._names[project]

    def _of(self, project: Project) -> _Known:
        name = self._name(project)
        if name not in self._known:
            self._known[name] = self._load(name, project)
        return self._known[name]

    def _load(self, name: str, project: Project) -> _Known:
        generation, trace = self._told(name)
        if generation is None or trace is None:
            return _Known(generation)
        changed = changes(trace)
        if changed.elsewhere or len(changed.files) > _FEW:
            return _Known(generation)
        reports = {(path, variant): report for path, variant, report in self._store.reports(name, generation)}
        if not changed.files:
            if changed.now != trace:
                # Read again and found the same: from now on, a look at the time will do.
                self._store.put_trace(name, generation, trace_to_text(changed.now))
            return _Known(generation, changed.now, reports, ())
        try:
            return self._without_stale(name, project, generation, changed, reports)
        except ValueError:
            return _Known(generation)

    def _without_stale(
        self, name: str, project: Project, generation: str, changed: Changes, reports: Mapping[tuple[str, str], str]
    ) -> _Known:
        """Leave out the reports that rest on what is otherwise now that some files have other texts."""
        # Nothing but its own report rests on a notebook.
        now = {path: text for path, text in changed.files.items() if not path.lower().endswith(NOTEBOOK)}
        before = self._store.texts(name, generation, now)
        if before.keys() != now.keys():
            # What is no file of the project, such as a module of the environment: nobody noted who looked at it.
            return _Known(generation)
        uses, names = self._store.uses(name, generation), self._store.names(name, generation)
        with foreign_is_wrong():
            stale = project.resting_on(uses, names, before, now) | changed.files.keys()
        left = {key: report for key, report in reports.items() if key[0] not in stale}
        return _Known(generation, changed.now, left, sorted(stale))

    def _written_meanwhile(self, name: str) -> _Known:
        """Return what another process has put into a world; it holds where both were told the same."""
        generation, trace = self._told(name)
        return _Known(generation) if trace is None else _Known(generation, trace, {}, ())

    def _told(self, name: str) -> tuple[str | None, Trace | None]:
        """Return the generation of a world and what it was told of the disk; None for what there is not."""
        generation, text = self._store.world(name) or (None, None)
        with suppress(ValueError):
            return generation, None if text is None else trace_of_text(text)
        return generation, None
