"""GitLab's Code Quality report, which it shows in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

import json
from collections.abc import Sequence
from pathlib import PurePath

from async_lint.fingerprint import unique
from async_lint.model import Diagnostic, Severity, Sources
from async_lint.reporters.text import escape, file_line, with_cell

_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(diagnostics: Sequence[Diagnostic], sources: Sources, colour: bool) -> str:
    rows = zip(diagnostics, unique(diagnostics, sources), strict=True)
    return json.dumps([_object(diagnostic, fingerprint) for diagnostic, fingerprint in rows], indent=2) + "\n"


def _object(diagnostic: Diagnostic, fingerprint: str) -> dict[str, object]:
    start, end = diagnostic.span
    first = file_line(diagnostic)
    return {
        "description": f"{diagnostic.code} {escape(with_cell(diagnostic))}",
        "check_name": diagnostic.name,
        "fingerprint": fingerprint,
        "severity": _SEVERITY[diagnostic.severity],
        "location": {
            # GitLab compares it with a path of the repository.
            "path": escape(PurePath(diagnostic.path).as_posix()),
            "lines": {"begin": first, "end": first + end.line - start.line},
        },
    }
