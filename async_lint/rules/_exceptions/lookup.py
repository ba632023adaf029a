"""A `try` around one look-up, whose handler has words of its own for what was not found."""

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.handlers import Handler, caught_name

_NOT_FOUND = frozenset(
    {"builtins.AttributeError", "builtins.LookupError", "builtins.StopIteration", "builtins.ValueError"}
)


def is_of_lookup(handler: Handler, context: Context) -> bool:
    """Whether all that failed is one statement that found nothing, or no number, and the handler never looks at how.

    `from None` may be as good an answer there: the caught exception says less than the new one.
    """
    statement = context.ancestors[context.ancestors.index(handler) - 1]
    if handler.type is None or caught_name(handler) is not None or not isinstance(statement, cst.Try):
        return False
    match statement.body.body:
        case [cst.SimpleStatementLine(body=[_])]:
            caught = classes_caught(handler.type, context)
            return bool(caught) and all(not _NOT_FOUND.isdisjoint(lineage.names) for lineage in caught)
    return False
