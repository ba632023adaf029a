"""Raising the caught exception by its name, where a bare `raise` would do."""

import libcst as cst

from async_lint.context import Context
from async_lint.model import Applicability, Fix, Position, Span
from async_lint.rules._handlers import Handler, caught_name
from async_lint.rules._names import rebinds, stored_attributes


def is_reraise(node: cst.Raise, handler: Handler) -> bool:
    """Whether `raise name` raises just what `handler`, the closest one, caught, as it caught it.

    Not under `except*`: there a bare `raise` keeps the groups' structure and a named one nests it anew.
    """
    if not isinstance(node.exc, cst.Name) or isinstance(handler, cst.ExceptStarHandler):
        return False
    name = node.exc.value
    if name != caught_name(handler) or rebinds(handler.body, name):
        return False
    return not any(stored_attributes(handler.body, name))


def reraise_fix(node: cst.Raise, context: Context) -> Fix | None:
    """Return the fix that leaves a bare `raise`; None where a comment would go."""
    whole = context.span(node)
    word_end = Position(whole.start.line, whole.start.column + len("raise"))
    parts = [each for each in (node.exc, node.cause.item if node.cause else None) if each is not None]
    if any("#" in context.code(part) for part in parts):
        return None
    rest = Span(word_end, context.outer_span(parts[-1]).end)
    return Fix("Write a bare `raise`", (context.replace(rest, ""),), Applicability.SAFE)
