"""Each file's project, by its path."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from async_lint.config import Config, Overrides, Place, load
from async_lint.config_error import ConfigError
from async_lint.files.patterns import Patterns
from async_lint.files.ports import Files
from async_lint.layout import Signs, find_root
from async_lint.project import Noted, Project

if TYPE_CHECKING:
    pass


class Projects:
    """The projects of a run, by path. What the command line says stands over each project's settings.

    `settings` is a file to read the settings from, whatever lies near a file; `isolated` reads none. `asked` are the
    absolute folders to be checked whole: one of them is the root of files that have no other. `noted`: what each check
    rests on is noted, for who keeps what was found.
    """

    def __init__(
        self,
        files: Files,
        overrides: Overrides | None = None,
        settings: Path | None = None,
        isolated: bool = False,
        asked: Collection[Path] = (),
        noted: bool = False,
    ) -> None:
        self._files = files
        self._noted = noted
        self._asked = frozenset(asked)
        self._overrides = overrides or Overrides()
        self._settings = settings
        self._isolated = isolated
        # Faults are kept like what works: each file of a project asks again.
        self._signs: dict[Path, Signs] = {}
        self._folders: dict[Path, Place | ConfigError] = {}
        self._projects: dict[Place, Project | ConfigError] = {}

    def of(self, path: Path) -> Project:
        """Return the project of the file at the absolute `path`. Raises ConfigError when its settings are wrong."""
        return self.of_directory(path.parent)

    def of_directory(self, folder: Path) -> Project:
        place = self._folders.get(folder)
        if place is None:
            place = self._folders[folder] = self._place(folder)
        if isinstance(place, ConfigError):
            raise place
        project = self._projects.get(place)
        if project is None:
            project = self._projects[place] = self._load(place)
        if isinstance(project, ConfigError):
            raise project
        return project

    def excludes(self, folder: Path) -> Patterns:
        """Return what the project of a folder excludes; what is excluded by default when its settings are wrong."""
        try:
            return self.of_directory(folder).excludes
        except ConfigError:
            return Patterns(folder, Config(folder).exclude)

    def __reduce__(self) -> "tuple[type[Projects], tuple[object, ...]]":
        # Another process learns anew what was learnt here: to hand that over takes longer.
        return Projects, (self._files, self._overrides, self._settings, self._isolated, self._asked, self._noted)

    def prepare(self) -> None:
        """Let the projects that were asked for so far learn what the check of any file asks."""
        for project in self._projects.values():
            if isinstance(project, Project):
                project.prepare()

    def forget(self) -> None:
        """Let what was learnt of files be learnt again: they were changed."""
        for project in self._projects.values():
            if isinstance(project, Project):
                project.forget()

    def noted(self) -> dict[Place, Noted]:
        """Return what was noted in this process, by project."""
        return {place: each.noted() for place, each in self._projects.items() if isinstance(each, Project)}

    def learn(self, noted: Mapping[Place, Noted]) -> None:
        """Take over what another process noted."""
        for place, one in noted.items():
            project = self._projects.get(place)
            if isinstance(project, Project):
                project.learn(one)

    def baselines(self) -> set[Path]:
        """Return the baselines of the projects that were asked for so far."""
        return {
            project.config.baseline
            for project in self._projects.values()
            if isinstance(project, Project) and project.config.baseline
        }

    def idle(self) -> list[Path]:
        """Return the roots of the projects that were asked for so far and select no rule at all."""
        return [
            project.config.root
            for project in self._projects.values()
            if isinstance(project, Project) and not project.rules
        ]

    def _place(self, folder: Path) -> Place | ConfigError:
        try:
            place = find_root(folder, self._files, self._asked, self._signs)
        except ConfigError as error:
            return error
        return place._replace(file=self._settings) if self._settings else place

    def _load(self, place: Place) -> Project | ConfigError:
        try:
            config = load(place, self._files, self._isolated)
            project = Project(self._overrides.apply(config), self._files, place.extent)
            if self._noted:
                project.take_notes()
            return project
        except ConfigError as error:
            return error
