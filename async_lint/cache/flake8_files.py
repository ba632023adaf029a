"""Findings of the files that flake8 hands over, one at a time and in several processes."""

import os
from collections import defaultdict
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING

from async_lint.cache.codec import findings_of_text, findings_to_text
from async_lint.cache.folder import cache_folder
from async_lint.cache.stamps import key
from async_lint.cache.store import Row, Store
from async_lint.cache.trace import TracedDisk
from async_lint.cache.worlds import Worlds
from async_lint.model import Diagnostic

if TYPE_CHECKING:
    from async_lint.files.source import Source
    from async_lint.project import Project


class Flake8Files:
    """What `project.check` finds, or what it found in an earlier run; it is kept when the process ends."""

    def __init__(self, files: TracedDisk) -> None:
        self._worlds = Worlds(Store(cache_folder(None)), files)
        self._fresh: defaultdict[Project, list[Row]] = defaultdict(list)
        self._process = 0

    def check(self, project: "Project", source: "Source", path: Path) -> list[Diagnostic]:
        """Return the findings in a file, its path as flake8 has it. Raises CheckError."""
        # By its text as well: flake8 may have it from standard input.
        variant = key(source.text)
        text = self._worlds.report(project, str(path), variant)
        if text is not None:
            with suppress(ValueError):
                return findings_of_text(text, source.path)
        found = project.check(source, path)
        if self._process != os.getpid():
            # Its workers are copies of one process: each keeps what it finds itself.
            self._process = os.getpid()
            self._fresh.clear()
            Finalize(None, self._keep, exitpriority=1)
        self._fresh[project].append(Row(str(path), variant, findings_to_text(found)))
        return found

    def _keep(self) -> None:
        for project, rows in self._fresh.items():
            self._worlds.put(project, rows)
