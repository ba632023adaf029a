"""A function of the project that hands its callable to a consumer, or is one: whoever calls it hands over, too."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import CallableUse, Forward, Kind, ModuleView, Result
from async_lint.rules._callbacks.asked import asks_about
from async_lint.rules._callbacks.consumers import (
    OBJECTS,
    Consumer,
    Handed,
    Through,
    by_last_name,
    given_in_ast,
    mentions,
)
from async_lint.rules._callbacks.wording import is_awaited_anyway
from async_lint.rules._shared.guards import expects_failure

_CALLER = Consumer(rule="ASL302", names=(), happens="the {object} is dropped there, so its body never runs")


def could_forward(call: ast.Call, facts: Facts, rule: str) -> bool:
    """Whether a call may hand one of the rule's consumers a callable through a function of the project."""
    forwards = facts.forwards(call, mentions())
    return bool(forwards) and any(True for _ in _consumed(forwards, rule, facts.view))


def forwarded(call: cst.Call, rule: str, context: Context) -> Handed | None:
    """Return what a call hands to one of the rule's consumers, and the function of the project that does so."""
    counterpart = context.counterpart(call)
    if counterpart is None or not isinstance(counterpart.node, ast.Call) or expects_failure(context):
        return None
    view = context.view
    for forward, consumer in _consumed(view.uses.forwards(counterpart.node, counterpart.frame, mentions()), rule, view):
        argument = _argument(forward.given, call, context)
        if argument is None or asks_about(argument, context):
            continue
        answer = context.returns(argument)
        if answer.kind in OBJECTS and _is_lost(call, forward, consumer, answer.kind, context):
            return Handed(consumer, argument, answer, Through(forward.wrapper, forward.hands[0]))
    return None


def _consumed(forwards: tuple[Forward, ...], rule: str, view: ModuleView) -> Iterator[tuple[Forward, Consumer]]:
    """Yield what goes to consumers and nowhere else, with the first of them."""
    for forward in forwards:
        consumers = [_consumer(hand, rule, view) for hand in forward.hands]
        # What goes anywhere else may be awaited there.
        if consumers[0] is not None and None not in consumers:
            # What is asynchronous by its annotation is reported where the wrapper hands it over.
            declared = (hand for hand in forward.hands if not view.names.is_given(hand.argument, hand.site.frame))
            if not any(view.calls.returns(hand.argument, hand.site.frame).kind in OBJECTS for hand in declared):
                yield forward, consumers[0]


def _consumer(hand: CallableUse, rule: str, view: ModuleView) -> Consumer | None:
    call, frame = hand.site
    if hand.is_own_call:
        # Where all the callers agree, so that the call is known to drop a coroutine, ASL101 reports it.
        return _CALLER if rule == _CALLER.rule and view.calls.kind_of(call, frame).kind not in OBJECTS else None
    candidates = by_last_name("consumer", rule).get(view.names.last_word(call.func, frame), ())
    name = view.names.name_of(call.func, frame) if candidates else None
    given = given_in_ast(call)
    for entry in candidates:
        if name is None or not entry.is_named(name, view.names.canonical) or entry.argument(given) is not hand.argument:
            continue
        if not entry.receivers or entry.is_received(view.names.receiver_of(call, frame), view.names.canonical):
            return entry
    return None


def _argument(given: ast.expr, call: cst.Call, context: Context) -> cst.BaseExpression | None:
    for argument in call.args:
        counterpart = context.counterpart(argument.value)
        if counterpart is not None and counterpart.node is given:
            return argument.value
    return None


def _is_lost(call: cst.Call, forward: Forward, consumer: Consumer, kind: Kind, context: Context) -> bool:
    """Whether nobody awaits what the consumer gives back: not the wrapper, and not who calls that."""
    if consumer.gives is None:
        return True
    results = {hand.result for hand in forward.hands}
    if results == {Result.DROPPED}:
        return True
    # Whoever finds it where it is kept may await it.
    if Result.KEPT in results:
        return False
    # An `async def` that awaits the future, like a plain function that returns it, gives who awaits it the coroutine.
    gives_the_same = all(
        hand.awaited is forward.wrapper.is_async and (not hand.awaited or consumer.gives == "future")
        for hand in forward.hands
    )
    return gives_the_same and not is_awaited_anyway(call, consumer, kind, context)
