"""Exceptions that go up through functions of the project alone, and end in handlers that look at their text alone."""

from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, Function, Raised, Site, is_test
from async_lint.rules._exceptions.caught_again import is_ended_around
from async_lint.rules._exceptions.comes_out import comes_out

_STEPS = 5


def is_ended_by_callers(raised: cst.BaseExpression, made: Sequence[Raised], context: Context) -> bool:
    """Whether every way up from `raise raised` ends so, within a few steps.

    Each function on the way is called by the project alone, at least once, its tests aside.
    """
    counterpart = context.counterpart(raised)
    if counterpart is None:
        return False
    above = context.view.project.above(counterpart.node, counterpart.frame)
    if above is None or is_ended_around((*above, counterpart.node), counterpart.frame, made, context) is not None:
        return False
    return _is_ended_above(counterpart.frame, made, context, frozenset())


def _is_ended_above(frame: Frame, made: Sequence[Raised], context: Context, passed: frozenset[str]) -> bool:
    """Whether all who call the function of a frame end what it raises; `passed` are those on the way to it."""
    scope = frame.enclosing_function()
    if scope is None or scope.function is None or len(passed) == _STEPS:
        return False
    passed |= {scope.function.full_name}
    project = context.view.project
    sites = project.sole_callers(scope) or ()
    calls = [site for site in sites if not is_test(site.frame) and not _is_in(site.frame, passed)]
    if not calls or not all(_is_ended_at(site, scope.function, made, context, passed) for site in calls):
        return False
    # To look for these costs the most.
    return project.handed_on(scope) == []


def _is_in(frame: Frame, passed: frozenset[str]) -> bool:
    """Whether it is one of those functions: one that calls itself has to be called by another."""
    scope = frame.enclosing_function()
    return scope is not None and scope.function is not None and scope.function.full_name in passed


def _is_ended_at(
    site: Site, callee: Function, made: Sequence[Raised], context: Context, passed: frozenset[str]
) -> bool:
    above = context.view.project.above_call(site)
    if not above or not comes_out(site, callee, above, context):
        return False
    ended = is_ended_around((*above, site.node), site.frame, made, context)
    return _is_ended_above(site.frame, made, context, passed) if ended is None else ended
