"""How messages speak of a callable that was handed over, and of what its consumer does with it."""

import ast

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Answer, Kind, cited
from async_lint.model import Applicability, Fix
from async_lint.rules._callbacks.consumers import Consumer, Handed, Through
from async_lint.rules._callbacks.futures import is_lost, is_run
from async_lint.rules._coroutine_uses.uses import Uses
from async_lint.rules._coroutine_uses.way import Fate, Shape
from async_lint.rules._shared.evidence import grounds

_ARTICLES = {Kind.COROUTINE: "a", Kind.AWAITABLE: "an", Kind.ASYNC_GENERATOR: "an"}


def message(handover: Handed, context: Context) -> str:
    """Return the fact and the evidence: what the callable is, and what really happens."""
    consumer, argument, answer, through = handover
    happens = consumer.happens
    by_lambda = through is not None and through.hand.called
    if consumer.unmarked is not None and (by_lambda or not _is_marked(argument, answer, context)):
        happens = consumer.unmarked
    parts = [_grounds(argument, answer, context), *([] if through is None else [_way(through)])]
    return "; ".join([*parts, happens.format(object=answer.kind.value)])


def _way(through: Through) -> str:
    """Return how the callable gets to the consumer: "`Server.later` hands it to `loop.call_soon` (server.py:9)"."""
    function, (site, _, called, *_) = through
    label = function.qualname.rpartition(".<locals>.")[2]
    what = "a lambda that calls it" if called else "it"
    place = cited(function.module.path, site.node.lineno)
    if through.hand.is_own_call:
        return f"`{label}` calls {what} ({place})"
    return f"`{label}` hands {what} to `{ast.unparse(site.node.func)}` ({place})"


def remedy(consumer: Consumer) -> Fix | None:
    """Return the remedy that only the author can carry out."""
    return None if consumer.remedy is None else Fix(consumer.remedy, (), Applicability.DISPLAY)


def is_awaited_anyway(call: cst.Call, consumer: Consumer, kind: Kind, context: Context) -> bool:
    """Whether the coroutines that the consumer gives back are awaited after all, or, where that is fair, may be.

    `kind` is what the callable gives.
    """
    path = [*context.ancestors, call]
    if consumer.gives is None:
        return False
    if consumer.gives == "future":
        return not is_lost(path, kind, context)
    shape = Shape.ITEMS if consumer.gives == "coroutines" else Shape.ONE
    uses = Uses(path, context, shape).found
    return any(is_run(use, kind) or (consumer.elsewhere and use.fate is Fate.UNSEEN) for use in uses)


def _is_marked(argument: cst.BaseExpression, answer: Answer, context: Context) -> bool:
    """Whether `inspect.iscoroutinefunction` is true of the callable; asyncio's own checks ask that."""
    if answer.name is None or answer.evidence is None or answer.evidence.text != "is a coroutine function":
        return False
    # An instance with an asynchronous `__call__` is not marked, the bound method is.
    return not answer.name.endswith(".__call__") or context.code(argument).endswith("__call__")


def _grounds(argument: cst.BaseExpression, answer: Answer, context: Context) -> str:
    object_ = answer.kind.value
    if isinstance(argument, cst.Lambda):
        inner = context.kind_of(argument.body) if isinstance(argument.body, cst.Call) else answer
        if inner.label is not None and inner.kind is answer.kind:
            return f"{grounds(inner)}, and the lambda returns its {object_}"
        return f"the lambda returns {_ARTICLES[answer.kind]} {object_}"
    if answer.label is None:
        return f"`{' '.join(context.code(argument).split())}` returns {_ARTICLES[answer.kind]} {object_}"
    return grounds(answer)
