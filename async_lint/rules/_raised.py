"""Whether what a `raise` in a handler raises is new, and whether it stays in the handler's own code."""

from itertools import pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions import classes_made, may_catch
from async_lint.rules._handlers import Handler, caught_name
from async_lint.rules._names import bindings, mentions, stored_attributes

# Who sets one of these by hand has linked the exceptions already.
_LINKS = frozenset({"__cause__", "__context__", "__suppress_context__", "__traceback__", "with_traceback"})
_GROUPS = frozenset({"BaseExceptionGroup", "ExceptionGroup"})


def made_in_handler(
    node: cst.Raise, raised: cst.BaseExpression, handler: Handler, context: Context
) -> list[cst.BaseExpression]:
    """Return the classes whose new instance `node` raises, be it by a name that the handler gave it before.

    Empty where `raised` may be an exception that exists already, the caught one for example.
    """
    if not isinstance(raised, cst.Name):
        return classes_made(raised)
    name = raised.value
    found = [each for each in bindings(handler.body) if each.name == name]
    if not found:
        return [] if name == caught_name(handler) else classes_made(raised)
    if _LINKS.intersection(stored_attributes(handler.body, name)):
        return []
    values = [classes_made(each.value) if isinstance(each.value, cst.Call) else [] for each in found]
    is_first = context.span(found[0].node).start < context.span(node).start
    return [each for value in values for each in value] if all(values) and is_first else []


def carries(raised: cst.BaseExpression, name: str | None) -> bool:
    """Whether `raised` is an exception group that holds the exception called `name`: it is not lost."""
    if name is None or not isinstance(raised, cst.Call) or not isinstance(raised.func, cst.Name):
        return False
    return raised.func.value in _GROUPS and any(mentions(each.value, name) for each in raised.args)


def is_caught_before(handler: Handler, made: list[cst.BaseExpression], context: Context) -> bool:
    """Whether a `try` inside `handler`, around the visited node, may catch what is raised there."""
    inside = context.ancestors[context.ancestors.index(handler) + 1 :]
    handlers = [
        each
        for outer, inner in pairwise(inside)
        if isinstance(outer, (cst.Try, cst.TryStar)) and inner is outer.body
        for each in outer.handlers
    ]
    return any(may_catch(each.type, new) for each in handlers for new in made)
