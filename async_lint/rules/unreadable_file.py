"""ASL900: a file, or a part of one, that could not be checked. There is nothing to visit: the engine reports it."""

from async_lint.model import UNCHECKED, Diagnostic, Position, Severity, Span
from async_lint.rule import Rule

RULE = Rule(
    code=UNCHECKED,
    name="unreadable-file",
    summary="file cannot be read, decoded or parsed",
)


def unreadable(path: str, message: str, position: Position = Position(1, 0)) -> Diagnostic:
    """Return the finding that says why a file, or what stands at a position in it, could not be checked."""
    span = Span(position, position)
    return Diagnostic(path, RULE.code, RULE.name, message, span, position.line, severity=Severity.ERROR)
