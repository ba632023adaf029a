"""How often the project awaits what it calls by a name: counted in its text, which costs less than its trees."""

import re
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from async_lint.inference.project import project
from async_lint.inference.project.project import Project
from async_lint.inference.questions.evaluator import Evaluator
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
        self._of_callees: dict[bytes, Count] = {}
        self._of_externals: dict[str, Count] = {}

    @cached_property
    def _awaited(self) -> Counter[bytes]:
        """The names of what is called behind `await`, anywhere in the project."""
        return Counter(name for text in self._project.texts() for name in _AWAITED.findall(text))

    def awaited(self, name: str) -> int:
        """Return how often the project awaits something of that name."""
        return self._awaited[name.encode()]

    def of_method(self, name: str) -> Count | None:
        """Count the calls `x.name()`, whatever x is; None when the project has a plain function of that name."""
        return self._counted(name, rb"\." + re.escape(name.encode()))

    def of_function(self, name: str) -> Count | None:
        """Count the calls `name()`; None when the project has a plain function of that name."""
        return self._counted(name, rb"(?<!def )(?<![\w.])" + re.escape(name.encode()))

    def _counted(self, name: str, callee: bytes) -> Count | None:
        if callee not in self._of_callees:
            self._of_callees[callee] = self._count(name, callee)
        count = self._of_callees[callee]
        return count if count.first else None

    def _count(self, name: str, callee: bytes) -> Count:
        word = re.escape(name.encode())
        every = re.compile(callee + rb"\s*\(")
        awaited = re.compile(rb"\bawait\s+" + _CHAIN + callee + rb"\s*\(")
        plain = re.compile(rb"(?<!async )\bdef\s+" + word + rb"\b|\bclass\s+" + word + rb"\b")
        total = waited = 0
        first = ""
        for path in self._project.mentioning(name):
            text = self._project.text(path)
            # Some of the calls are of this one, and the text does not tell which.
            if plain.search(text):
                return Count(0, 0, "")
            here = [match.start() for match in awaited.finditer(text)]
            total += len(every.findall(text))
            waited += len(here)
            if here and not first:
                first = _place(path, text, here[0])
        return Count(waited, total - waited, first)

    def of_external(self, callee: External) -> Count | None:
        """Count the calls of a function or method whose module was not found, by its qualified name."""
        if callee.name not in self._of_externals:
            self._of_externals[callee.name] = self._count_external(callee.name)
        count = self._of_externals[callee.name]
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
            for site in project.calls(module, name) if module is not None else ():
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
                    first = first or f"{path.name}:{site.node.lineno}"
                else:
                    other += 1
        return Count(waited, other, first, (kin_waited, kin_other))


def _place(path: Path, text: bytes, at: int) -> str:
    # `bytes([10])` is a line's end: before Python 3.12, no backslash may stand in an f-string.
    return f"{path.name}:{text.count(bytes([10]), 0, at) + 1}"
