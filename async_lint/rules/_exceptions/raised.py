"""Whether what a `raise` in a handler raises is new, and whether it stays in the handler's own code."""

import ast
from collections.abc import Collection, Sequence
from itertools import pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Raised
from async_lint.rules._exceptions.exceptions import classes_made, may_catch
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.names import bindings, mentions, stored_attributes

# Who sets one of these by hand has linked the exceptions already.
_LINKS = frozenset({"__cause__", "__context__", "__suppress_context__", "__traceback__", "with_traceback"})
# `exceptiongroup` is what Python 3.10 has for them.
_GROUPS = frozenset(
    {"builtins.BaseExceptionGroup", "exceptiongroup.BaseExceptionGroup", "exceptiongroup.ExceptionGroup"}
)


def made_in_handler(
    node: cst.Raise, raised: cst.BaseExpression, handler: Handler, context: Context
) -> tuple[Raised, ...]:
    """Return the classes whose new instance `node` raises, be it by a name that the handler gave it before.

    Empty where `raised` may be an exception that exists already, the caught one for example.
    """
    if not isinstance(raised, cst.Name):
        return classes_made(raised, context)
    name = raised.value
    bound = [binding for binding in bindings(handler.body) if binding.name == name]
    if not bound:
        return () if name == caught_name(handler) else classes_made(raised, context)
    if _LINKS.intersection(stored_attributes(handler.body, name)):
        return ()
    # Past an `if` the name may still hold what was caught, which `from` would make its own cause.
    if name == caught_name(handler) and not any(_is_on_the_way(binding.node, handler, context) for binding in bound):
        return ()
    values = [classes_made(binding.value, context) if isinstance(binding.value, cst.Call) else () for binding in bound]
    # Above its binding the name holds something older, in a loop that of another turn.
    is_first = context.span(bound[0].node).start < context.span(node).start
    return tuple(new for value in values for new in value) if all(values) and is_first else ()


def _is_on_the_way(statement: cst.CSTNode, handler: Handler, context: Context) -> bool:
    """Whether a statement stands in a block of `handler` that the visited node stands in too."""
    inside = context.ancestors[context.ancestors.index(handler) :]
    lines = [line for block in inside if isinstance(block, cst.IndentedBlock) for line in block.body]
    return any(isinstance(line, cst.SimpleStatementLine) and statement in line.body for line in lines)


def carries(raised: cst.BaseExpression, made: Sequence[Raised], names: Collection[str], context: Context) -> bool:
    """Whether `raised` is given the exception called by one of `names`, and keeps it.

    It is a group, sets `__cause__` to it, or has an attribute for it.
    """
    if not isinstance(raised, cst.Call) or not any(
        mentions(argument.value, name) for argument in raised.args for name in names
    ):
        return False
    if any(new.lineage.links or _GROUPS.intersection(new.lineage.names | new.lineage.missing) for new in made):
        return True
    counterpart = context.counterpart(raised)
    if counterpart is None or not isinstance(counterpart.node, ast.Call):
        return False
    kept = context.view.exceptions.kept_arguments(counterpart.node, counterpart.frame)
    return any(isinstance(value, ast.Name) and value.id in names for value in kept)


def is_caught_before(handler: Handler, made: Sequence[Raised], context: Context) -> bool:
    """Whether a `try` inside `handler`, around the visited node, may catch what is raised there."""
    inside = context.ancestors[context.ancestors.index(handler) + 1 :]
    handlers = [
        nested
        for outer, inner in pairwise(inside)
        if isinstance(outer, (cst.Try, cst.TryStar)) and inner is outer.body
        for nested in outer.handlers
    ]
    return any(may_catch(nested.type, new.lineage, context) for nested in handlers for new in made)
