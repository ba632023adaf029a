"""Whether a coroutine is lost although something is done with it: the verdict over all its uses."""

import ast
import re
from typing import NamedTuple

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Answer, Kind
from async_lint.rules._coroutine_uses.uses import Bound, Uses
from async_lint.rules._coroutine_uses.way import Fate, Use
from async_lint.rules._shared.guards import expects_failure, is_asked_for, is_attempted, is_dead
from async_lint.rules._shared.only_declared import may_give_generator
from async_lint.trees.scopes import function_around

_LAZY = (Kind.COROUTINE, Kind.AWAITABLE)
_TESTS = (cst.If, cst.IfExp, cst.While, cst.Assert, cst.Match)
# Callables that are asked what a thing is: who asks knows that it may be a coroutine.
_ASKING = re.compile(r"isinstance|issubclass|hasattr|getattr|callable|type|.*(?:awaitable|coroutine|async).*")


# What a description goes on to tell of coroutines alone.
_OF_COROUTINES = re.compile(r", (?!which is declared ).*")


class Lost(NamedTuple):
    """A coroutine that nobody awaits.

    `use` is where it stands in place of its result. Where that is None, `bound` is the name that holds it in vain.
    """

    answer: Answer
    use: Use | None
    bound: Bound | None


# What a call gives of which no more is known than that others await it: it may be a future, or queried lazily.
AWAITED_ELSEWHERE = Answer(Kind.AWAITABLE, mere=True)


def lost(call: cst.Call, context: Context, assumed: Answer | None = None) -> Lost | None:
    """Return what is wrong with what the visited call gives; None when it is no coroutine, or may be awaited.

    `assumed` is what the call is taken to give where inference does not know.
    """
    # Awaited, it is not lost; dropped or returned, it is for other rules.
    if isinstance(context.parent(), (cst.Await, cst.Expr, cst.Return)):
        return None
    path = [*context.ancestors, call]
    answer = assumed or context.kind_of(call)
    if answer.kind not in _LAZY or any(guard(context) for guard in (expects_failure, is_asked_for, is_dead)):
        return None
    uses = Uses(path, context)
    misuse = _value(uses.found, answer)
    if misuse is not None and (
        _is_only_declared(misuse, call, context) or context.is_overridden(call) or _is_given_another(call, context)
    ):
        return None
    # The handler may be there for that very error.
    if misuse is not None and "raises" in misuse.does.happens and is_attempted(context):
        return None
    if misuse is not None:
        return Lost(answer, misuse, None)
    if uses.bound and all(use.fate is Fate.IDLE for use in uses.found):
        return Lost(answer, None, uses.bound[0])
    return None


def consequence(object_: str, call: cst.Call, loss: Lost, use: Use, context: Context) -> str:
    """Return the clause that says what is done with the `object_` that the call gives, and where."""
    happens = use.does.happens
    if loss.answer.kind is not Kind.COROUTINE:
        happens = _OF_COROUTINES.sub("", happens)
    if not use.name:
        return f"{object_} {happens}"
    line = context.span(use.path[-1]).start.line
    where = f" (line {line})" if line != context.span(call).start.line else ""
    return f"{object_}, read from `{use.name}`, {happens}{where}"


def _value(uses: list[Use], answer: Answer) -> Use | None:
    """Return the use that shows the defect: other objects that may be awaited may be meant to be used so."""
    if not answer.mere:
        return None
    alternative = next((use for use in uses if answer.kind is Kind.COROUTINE and _is_first_of_two(use)), None)
    if alternative is not None:
        return alternative
    if any(use.fate is Fate.AWAITED for use in uses):
        return None
    unseen = [use for use in uses if use.fate in (Fate.UNSEEN, Fate.TAKEN)]
    # Who asks what it is may await it on that way.
    if any(_asks(use) for use in unseen):
        return None
    values = [use for use in uses if use.fate is Fate.VALUE and (answer.kind is Kind.COROUTINE or use.does.to_any)]
    # What nobody does on purpose is wrong whoever else has it.
    shown = [use for use in values if use.does.certain or not unseen]
    return max(shown, key=lambda use: use.does.certain, default=None)


def _is_first_of_two(use: Use) -> bool:
    """Whether it is `f()` of `f() or g()`: being true, it keeps the other one from ever being made."""
    made_there = isinstance(use.path[-1], cst.Call) and isinstance(use.path[-2], cst.BooleanOperation)
    return made_there and use.fate is Fate.VALUE and use.does.certain


def _asks(use: Use) -> bool:
    """Whether a use is a question for what the thing is, or decides a test."""
    function = function_around(use.path)
    for index in range(len(use.path) - 2, -1, -1):
        node, below = use.path[index], use.path[index + 1]
        if node is function:
            return False
        if isinstance(node, cst.Call) and below is not node.func:
            callee = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
            if isinstance(callee, cst.Name) and _ASKING.fullmatch(callee.value):
                return True
        if isinstance(node, _TESTS) and below is getattr(node, "test", getattr(node, "subject", None)):
            return True
    return False


def _is_only_declared(use: Use, call: cst.Call, context: Context) -> bool:
    """Whether what a declaration without a body promises is used as an asynchronous generator may be."""
    return use.does.to_generator and may_give_generator(call, context)


def _is_given_another(call: cst.Call, context: Context) -> bool:
    """Whether the callee is a parameter for which some call in the project gives what makes no coroutine at all."""
    site = context.counterpart(call)
    if site is None or not isinstance(site.node, ast.Call) or not isinstance(site.node.func, ast.Name):
        return False
    given, _ = context.view.project.sources(site.node.func, site.frame)
    return any(context.view.calls.returns(*each).kind in (Kind.ASYNC_GENERATOR, Kind.ASYNC_CONTEXT) for each in given)
