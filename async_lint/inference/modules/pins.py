"""Whether the bundled knowledge of a library is of the version that the project asks for."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from async_lint import knowledge
from async_lint.files.ports import Files

if TYPE_CHECKING:
    from packaging.specifiers import Specifier
    from packaging.version import Version

    from async_lint.files.requirements import Requirements


# Forks that are imported by the name of what they come from, and whose functions are other ones.
_FORKS = {
    "discord-py": frozenset({"discord-py-self", "py-cord", "py-cord-dev"}),
    "pyrogram": frozenset({"kurigram", "pyroblack", "pyrofork", "pyrotgfork"}),
    "telethon": frozenset({"telethon-patch", "telethon-v1-24"}),
}


class Pins:
    """What the project at `root` asks for; its files are read when a library's knowledge is first wanted."""

    def __init__(self, root: Path, files: Files) -> None:
        self._root = root
        self._files = files
        self._excluded: dict[str, bool] = {}

    @cached_property
    def _requirements(self) -> "Requirements":
        from async_lint.files.requirements import requirements

        return requirements(self._root, self._files)

    def exclude(self, module: str) -> bool:
        """Whether the project asks for a fork, or another major or minor version than what is known of a module."""
        origin = knowledge.origin(module)
        if origin is None:
            return False
        name, version = origin
        if name not in self._excluded:
            # Each list is installed somewhere; in it, what has a marker stands beside its alternatives.
            lists = self._requirements.get(name, ())
            is_of_version = all(any(admits(specifier, version) for specifier in specifiers) for specifiers in lists)
            is_of_fork = not lists and not _FORKS.get(name, frozenset()).isdisjoint(self._requirements)
            self._excluded[name] = is_of_fork or not is_of_version
        return self._excluded[name]


def admits(specifier: str, version: str) -> bool:
    """Whether a release with the major and minor version of `version` can satisfy a specifier: `>=3.6,<4`."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import Version

    try:
        clauses = SpecifierSet(specifier)
    except InvalidSpecifier:
        return True
    return all(_admits(clause, Version(version)) for clause in clauses)


def _admits(clause: "Specifier", version: "Version") -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        bound = Version(clause.version.removesuffix(".*"))
    except InvalidVersion:
        return True  # `===` takes any text
    ours, theirs = (version.major, version.minor), (bound.major, bound.minor)
    match clause.operator:
        case "==" if clause.version.endswith(".*"):
            return ours[: len(bound.release)] == theirs[: len(bound.release)]
        case "==" | "===":
            return ours == theirs
        case "~=":
            kept = len(bound.release) - 1
            return ours >= theirs and ours[:kept] == theirs[:kept]
        # `>3.6` takes 3.6.1.
        case ">=" | ">":
            return ours >= theirs
        case "<=":
            return ours <= theirs
        # `<3.6.2` takes 3.6.1, while `<3.6` takes nothing of 3.6.
        case "<":
            return ours < theirs or (ours == theirs and any(bound.release[2:]))
    return True
