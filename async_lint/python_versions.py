"""The versions of Python that a project runs on."""

import re
import sys
from collections.abc import Iterable, Mapping

# The last one of Python 2, for code that runs on both, and the newest that is known of, or runs this.
OLDEST_TARGET = (2, 7)
NEWEST_TARGET = max((3, 15), sys.version_info[:2])


_ON_PYTHON_2 = re.compile(r"\s*Programming Language :: Python :: 2(?![0-9])")


def lower_bound(document: Mapping[str, object]) -> tuple[int, int] | None:
    """Return the oldest Python that a pyproject.toml allows; None where it does not say."""
    project = document.get("project")
    classifiers = project.get("classifiers") if isinstance(project, dict) else None
    listed = classifiers if isinstance(classifiers, list) else []
    return oldest(_requires_python(document), [line for line in listed if isinstance(line, str)])


def oldest(specifier: str, classifiers: Iterable[str]) -> tuple[int, int] | None:
    """Return the oldest Python that a project runs on; of classifiers only one for Python 2 says so."""
    bound = _lower_bound(specifier)
    # What pip does not install on Python 2 has an old classifier left.
    if bound is None and any(map(_ON_PYTHON_2.match, classifiers)):
        return OLDEST_TARGET
    return bound


def _requires_python(document: Mapping[str, object]) -> str:
    value: object = document
    for key in ("project", "requires-python"):
        value = value.get(key) if isinstance(value, dict) else None
    # Before Poetry 2 a project says it as one of its dependencies.
    if not isinstance(value, str):
        value = document
        for key in ("tool", "poetry", "dependencies", "python"):
            value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _lower_bound(specifier: str) -> tuple[int, int] | None:
    bounds = []
    for alternative in specifier.split("||"):
        parts = re.findall(r"(?:>=?|~=|~|===?|\^)\s*v?([0-9]{1,4})(?![0-9])(?:\.([0-9]{1,4}))?", alternative)
        # Clauses hold all at once, so the highest bound counts; of alternatives the lowest.
        bounds.append(max(((int(major), int(minor or 0)) for major, minor in parts), default=None))
    known = [bound for bound in bounds if bound is not None]
    # An alternative without a lower bound allows any version.
    if not known or len(known) != len(bounds):
        return None
    return max(OLDEST_TARGET, min(NEWEST_TARGET, *known))
