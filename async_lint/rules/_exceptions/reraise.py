"""Raising the caught exception by its name, where a bare `raise` would do."""

import re

import libcst as cst

from async_lint.context import Context
from async_lint.model import Applicability, Edit, Fix, Position, Span
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.useless import is_useless, raises_again
from async_lint.rules._shared.names import own_nodes, rebinds, stored_attributes


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


def leaves_nothing(node: cst.Raise, handler: Handler, context: Context) -> bool:
    """Whether a bare `raise` in place of `node` would leave a handler that nobody needs: that is ASL403's to say."""
    statement = context.ancestors[context.ancestors.index(handler) - 1]
    if raises_again(handler) is not node or not isinstance(statement, cst.Try):
        return False
    return is_useless(handler, statement, context)


def reraise_fix(node: cst.Raise, handler: Handler, context: Context) -> Fix | None:
    """Return the fix that leaves a bare `raise`, and no `as err` that nothing reads; None where a comment would go."""
    whole = context.span(node)
    word_end = Position(whole.start.line, whole.start.column + len("raise"))
    parts = [part for part in (node.exc, node.cause.item if node.cause else None) if part is not None]
    if any("#" in context.code(part) for part in parts):
        return None
    edits = [context.replace(Span(word_end, context.outer_span(parts[-1]).end), "")]
    return Fix("Write a bare `raise`", (*_unbinding(node, handler, context), *edits), Applicability.SAFE)


def _unbinding(node: cst.Raise, handler: Handler, context: Context) -> list[Edit]:
    """Return the edit that drops `as err` where `node` alone reads the name.

    Not beside another `raise` of an exception, to which the fix of ASL401 may add `from err` at the same time.
    """
    name = caught_name(handler)
    raises = [part for part in own_nodes(handler.body) if isinstance(part, cst.Raise) and part.exc]
    if name is None or handler.name is None or handler.type is None or len(raises) > 1:
        return []
    word = re.compile(rf"\b{name}\b")
    # One place is left to the binding itself.
    elsewhere = len(word.findall(context.code(handler))) - len(word.findall(context.code(node)))
    span = Span(context.outer_span(handler.type).end, context.span(handler.name.name).end)
    # Anything else in between, such as a comment, would go with it.
    is_plain = re.fullmatch(rf"[ \t]*as[ \t]+{name}", context.source.slice(span))
    return [context.replace(span, "")] if elsewhere == 1 and is_plain else []
