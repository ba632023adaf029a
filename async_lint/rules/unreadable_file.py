"""ASL900: a file, or a part of one, that could not be checked. There is nothing to visit: the engine reports it."""

from async_lint.model import Diagnostic, Position, Severity, Span
from async_lint.rule import Rule

RULE = Rule(
    code="ASL900",
    name="unreadable-file",
    summary="file cannot be read, decoded or parsed",
)


def is_unchecked(diagnostic: Diagnostic) -> bool:
    """Whether a finding says that a file, or a part of it, could not be checked: nobody can tell what is in it."""
    return diagnostic.code == RULE.code


def unreadable(path: str, message: str, position: Position = Position(1, 0)) -> Diagnostic:
    """Return the finding that says why a file, or what stands at a position in it, could not be checked."""
    span = Span(position, position)
    return Diagnostic(path, RULE.code, RULE.name, message, span, position.line, severity=Severity.ERROR)
