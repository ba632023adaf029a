"""ASL900: a file, or a part of one, that could not be checked. There is nothing to visit: the engine reports it."""

from async_lint.rule import Rule

RULE = Rule(
    code="ASL900",
    name="unreadable-file",
    summary="file cannot be read, decoded or parsed",
)
