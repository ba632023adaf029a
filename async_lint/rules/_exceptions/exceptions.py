"""The classes of exceptions: of those that a `raise` makes, and of those that a handler catches."""

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Lineage, Raised


def classes_made(expression: cst.BaseExpression, context: Context) -> tuple[Raised, ...]:
    """Return the classes whose new instance `raise expression` raises: of `New`, `New(...)`, `type(e)(...)`.

    A conditional expression has one for each arm. Empty where the exception may exist already, or nothing tells.
    """
    counterpart = context.counterpart(expression)
    return () if counterpart is None else context.view.exceptions.raised(counterpart.node, counterpart.frame)


def classes_caught(caught: cst.BaseExpression, context: Context) -> tuple[Lineage, ...]:
    """Return the classes that `except caught` names; empty unless all of them are known."""
    counterpart = context.counterpart(caught)
    return () if counterpart is None else context.view.exceptions.classes_of(counterpart.node, counterpart.frame)


def may_catch(caught: cst.BaseExpression | None, made: Lineage, context: Context) -> bool:
    """Whether `except caught` could catch an instance of the class `made`. Without proof to the contrary: yes."""
    if caught is None or not made.complete:
        return True
    handled = classes_caught(caught, context)
    return not handled or any(
        lineage.own is None or not lineage.proved or lineage.own in made.names for lineage in handled
    )
