"""How often the project awaits what it calls by a name: counted in its text, which costs less than its trees."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from async_lint.inference.project.project import Project
from async_lint.inference.project.project_names import ProjectNames
from async_lint.inference.project.searches import calls
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.notes import NOTES, Fact, Memo, cited
from async_lint.inference.types.values import External

# `a.b(c)[d].` before the name; what has parentheses inside parentheses is passed over.
_CHAIN = rb"(?:[\w.]|\[[^\[\]\n]*\]|\([^()\n]*\))*"
_AWAITED = re.compile(rb"await\s+" + _CHAIN + rb"\b(\w+)\s*\(")
_MANY_FILES = 60
_MANY_SITES = 300


class Count(NamedTuple):
    """Calls that are awaited, calls that are not, and a place of the former: `client.py:7`.

    `kin` are calls, awaited and not, of methods that have the same name in the same package.
    """

    awaited: int
    other: int
    first: str
    kin: tuple[int, int] = (0, 0)


class ProjectUsage:
    """Counts for one project, kept for a run."""

    def __init__(self, evaluator: Evaluator, sources: Project) -> None:
        self._evaluator = evaluator
        self._project = sources
        self._of_callees: Memo[bytes, Count] = Memo()
        self._of_externals: Memo[str, Count] = Memo()

    @cached_property
    def _awaited(self) -> Counter[str]:
        """The names of what is called behind `await`, anywhere in the project."""
        return awaited_in(self._project.texts())

    def know(self, names: ProjectNames) -> None:
        """Take what an earlier run collected, in place of the texts."""
        if names.awaited is not None:
            self._awaited = names.awaited

    def known(self) -> ProjectNames:
        """Return what was collected."""
        return ProjectNames(awaited=vars(self).get("_awaited"))

    def awaited(self, name: str) -> int:
        """Return how often the project awaits something of that name."""
        NOTES.add(Fact.NAME, "", name)
        return self._awaited[name]

    def of_method(self, name: str) -> Count | None:
        """Count the calls `x.name()`, whatever x is; None when the project has a plain function of that name."""
        return self._counted(name, rb"\." + re.escape(name.encode()))

    def of_function(self, name: str) -> Count | None:
        """Count the calls `name()`; None when the project has a plain function of that name."""
        return self._counted(name, rb"(?<!def )(?<![\w.])" + re.escape(name.encode()))

    def _counted(self, name: str, callee: bytes) -> Count | None:
        count = NOTES.kept(self._of_callees, callee, lambda: self._count(name, callee))
        return count if count.first else None

    def _count(self, name: str, callee: bytes) -> Count:
        total = waited = 0
        first = ""
        for path in self._project.mentioning(name):
            NOTES.add(Fact.CALLS, str(path), callee)
            here = calls_in(self._project.raw(path), callee)
            # Some of the calls are of this one, and the text does not tell which.
            if here is None:
                return Count(0, 0, "")
            total += here.every
            waited += len(here.awaited)
            if here.awaited and not first:
                first = f"{path.name}:{here.awaited[0]}"
        return Count(waited, total - waited, first)

    def of_external(self, callee: External) -> Count | None:
        """Count the calls of a function or method whose module was not found, by its qualified name."""
        count = NOTES.kept(self._of_externals, callee.name, lambda: self._count_external(callee.name))
        return count if count.first else None

    def _count_external(self, full_name: str) -> Count:
        name = full_name.rpartition(".")[2]
        paths = self._project.mentioning(f"{name}(")
        package = full_name.partition(".")[0]
        waited = other = kin_waited = kin_other = 0
        first = ""
        # Each of these files has to be parsed, and the callee of each call evaluated.
        if len(paths) > _MANY_FILES:
            return Count(0, 0, "")
        for path in paths:
            module = self._evaluator.library.at(path)
            for site in calls(module, name) if module is not None else ():
                if waited + other > _MANY_SITES:
                    return Count(0, 0, "")
                callee = self._evaluator.evaluate(site.node.func, site.frame)
                if not isinstance(callee, External) or callee.name.partition(".")[0] != package:
                    continue
                # Encoded, for `col_offset` counts bytes of UTF-8.
                line = module.lines(site.node.lineno, site.node.lineno).encode() if module is not None else b""
                is_awaited = line[: site.node.col_offset].rstrip().endswith(b"await")
                if callee.name != full_name:
                    kin_waited += is_awaited
                    kin_other += not is_awaited
                elif is_awaited:
                    waited += 1
                    first = first or cited(str(path), site.node.lineno)
                else:
                    other += 1
        return Count(waited, other, first, (kin_waited, kin_other))


def awaited_in(texts: Iterable[bytes]) -> Counter[str]:
    """Count the names of what texts call behind `await`."""
    counts = Counter(name for text in texts for name in _AWAITED.findall(text))
    return Counter({name.decode("utf-8", "replace"): count for name, count in counts.items()})


class Calls(NamedTuple):
    """How many calls a text has, and the lines of those behind an `await`."""

    every: int
    awaited: tuple[int, ...]


def calls_in(text: bytes, callee: bytes) -> Calls | None:
    """Count the calls whose callee a pattern matches, with a name at its end; None where the text defines the name."""
    word = callee.rpartition(b"." if callee.startswith(rb"\.") else b")")[2]
    if re.search(rb"(?<!async )\bdef\s+" + word + rb"\b|\bclass\s+" + word + rb"\b", text):
        return None
    awaited = re.finditer(rb"\bawait\s+" + _CHAIN + callee + rb"\s*\(", text)
    lines = tuple(text.count(b"\n", 0, match.start()) + 1 for match in awaited)
    return Calls(len(re.findall(callee + rb"\s*\(", text)), lines)
