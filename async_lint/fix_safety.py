"""Who may apply a fix, as a project has it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from async_lint.model import Applicability, Diagnostic


def as_settled(diagnostics: Iterable[Diagnostic], safety: Mapping[str, Applicability]) -> list[Diagnostic]:
    """Return the findings with their fixes as safe as `safety` says of their codes.

    A fix that only a person can complete stays one: no setting makes it whole.
    """
    return [_settled(diagnostic, safety.get(diagnostic.code)) for diagnostic in diagnostics]


def _settled(diagnostic: Diagnostic, applicability: Applicability | None) -> Diagnostic:
    fix = diagnostic.fix
    if fix is None or applicability is None or fix.applicability is Applicability.DISPLAY:
        return diagnostic
    return replace(diagnostic, fix=replace(fix, applicability=applicability))
