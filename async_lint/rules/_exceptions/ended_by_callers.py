"""Exceptions that go up through functions of the project alone, and end in handlers that look at their text alone."""

import ast
from collections.abc import Sequence
from typing import NamedTuple

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Frame, Function, Raised, Site, is_test
from async_lint.rules._exceptions.answered_tools import is_tool
from async_lint.rules._exceptions.caught_again import is_ended_around
from async_lint.rules._exceptions.comes_out import calling_at_once, comes_out
from async_lint.rules._exceptions.ended_by_text import leaves_text, raises_again
from async_lint.rules._exceptions.handled_by_class import names_one_of_project

_STEPS = 5


def is_ended_by_callers(raised: cst.BaseExpression, made: Sequence[Raised], context: Context) -> bool:
    """Whether every way up from `raise raised` ends so, within a few steps.

    Each function on the way is called in the project at least once, its tests aside. Where a package further
    in offers one to the rest, a handler has to name a class of the project's own: it is meant to end so.
    """
    counterpart = context.counterpart(raised)
    if counterpart is None:
        return False
    above = context.view.project.above(counterpart.node, counterpart.frame)
    return above is not None and _is_ended_from(counterpart.node, above, counterpart.frame, _Way(made, context))


class _Way(NamedTuple):
    """What is raised, and how it got where it is: through which functions, and whether others may call one of them."""

    made: Sequence[Raised]
    context: Context
    passed: frozenset[str] = frozenset()
    offered: bool = False


def _is_ended_above(frame: Frame, way: _Way) -> bool:
    """Whether all who call the function of a frame end what it raises."""
    scope = frame.enclosing_function()
    if scope is None or scope.function is None or len(way.passed) == _STEPS:
        return False
    project = way.context.view.project
    if is_tool(scope, way.context.view):
        return True
    offered = way.offered or project.is_for_others(scope)
    if offered and (project.is_published(scope) or not _own_names(way)):
        return False
    further = way._replace(passed=way.passed | {scope.function.full_name}, offered=offered)
    sites = project.callers_seen(scope) or ()
    calls = [site for site in sites if not is_test(site.frame) and not _is_in(site.frame, further.passed)]
    # Who hands on a function of its own can be told at little cost.
    if not (calls or scope.function.outer) or not all(_is_ended_at(site, scope.function, further) for site in calls):
        return False
    # To look for these costs the most.
    handed = project.handed_on(scope, offered)
    if handed is None or not (calls or handed):
        return False
    through = [calling_at_once(named, frame, way.context.view) for named, frame in handed]
    return all(site is not None and _is_ended_at(site, scope.function, further) for site in through)


def _is_in(frame: Frame, passed: frozenset[str]) -> bool:
    """Whether it is one of those functions: one that calls itself has to be called by another."""
    scope = frame.enclosing_function()
    return scope is not None and scope.function is not None and scope.function.full_name in passed


def _is_ended_at(site: Site, callee: Function, way: _Way) -> bool:
    above = way.context.view.project.above_call(site)
    if not above or not comes_out(site, callee, above, way.context):
        return False
    return _is_ended_from(site.node, above, site.frame, way)


def _is_ended_from(node: ast.expr, above: Sequence[ast.AST], frame: Frame, way: _Way) -> bool:
    """Whether what is raised at a node ends around it, or further up."""

    def leaves(handler: ast.ExceptHandler, frame: Frame, context: Context) -> bool:
        followed: list[ast.Raise] = []

        def follows(statement: ast.Raise, frame: Frame) -> bool:
            followed.append(statement)
            return _is_ended_in_place(statement, frame, way)

        if not leaves_text(handler, frame, context, follows):
            return False
        # Another one in its place had to be meant to end.
        return not way.offered or bool(followed) or raises_again(handler) or _names_own(handler, frame, way)

    ended = is_ended_around((*above, node), frame, way.made, way.context, leaves)
    return _is_ended_above(frame, way) if ended is None else ended


def _is_ended_in_place(statement: ast.Raise, frame: Frame, way: _Way) -> bool:
    """Whether what a handler on the way raises in place of the exception ends so."""
    view = way.context.view
    made = view.exceptions.raised(statement.exc, frame) if statement.exc is not None else ()
    above = view.project.above(statement, frame)
    if not made or not above or statement.exc is None:
        return False
    return _is_ended_from(statement.exc, (*above, statement), frame, way._replace(made=made))


def _own_names(way: _Way) -> frozenset[str]:
    return frozenset(name for new in way.made for name in new.lineage.names if not name.startswith("builtins."))


def _names_own(handler: ast.ExceptHandler, frame: Frame, way: _Way) -> bool:
    return names_one_of_project(handler, _own_names(way), frame, way.context.view)
