"""Whether a handler seems to end cancellations by mistake, or was written for them."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Try, last_name
from async_lint.rule import Option
from async_lint.rules._cancellations.accounted_for import Place
from async_lint.rules._cancellations.answers import answers
from async_lint.rules._cancellations.cancellation import Caught, catches, own_nodes
from async_lint.rules._cancellations.despite import Effect
from async_lint.rules._cancellations.foreign_cancellation import may_be_foreign, shields
from async_lint.rules._cancellations.going_on import texts
from async_lint.rules._cancellations.handed_on import LOGS
from async_lint.rules._cancellations.owed_value import owes_a_value
from async_lint.rules._cancellations.swallowed import Swallowed
from async_lint.rules._cancellations.ways import Exit, Loop, Way
from async_lint.rules._shared.broad_handlers import ALL_ERRORS

HANDLERS = Option(
    key="cancellation-handlers",
    kind=str,
    default="unintended",
    help="which handlers ASL404 reports: those that end a cancellation by mistake, or also those written for it",
    choices=("unintended", "all"),
)

# What closes something goes on to its end, whoever cancels it.
_CLOSING = frozenset(
    ["aclose", "cancel", "cleanup", "clear", "close", "disconnect", "exit", "kill", "reset", "shutdown", "stop"]
    + ["teardown", "terminate"]
)


def is_unintended(swallowed: Swallowed, place: Place) -> bool:
    """Whether nothing shows that a handler, a `suppress` or a `finally` was meant to end a cancellation."""
    node, loops = swallowed.node, swallowed.despite.effect is Effect.LOOP
    handler = node if isinstance(node, ast.ExceptHandler) else None
    if not loops and not is_mistake_without_loop(handler, swallowed.caught, place):
        return False
    # Nobody in sight asks: who gets nothing may well take it for a failure.
    if swallowed.despite.effect is Effect.ANSWER and not _answers(swallowed, place):
        return False
    if _closes(place.function) and _is_clean_up(swallowed, place):
        return False
    if handler is None or handler.type is None:
        return True
    body: Sequence[ast.AST] = getattr(place.chain[-1], "body", ())
    if swallowed.caught is Caught.WITH_ALL:
        # Who shields the work, or lets some exceptions through, has thought of cancellations.
        chosen = _is_for_the_rest(handler, place) or (not loops and _raises(handler))
        return not chosen and not shields(body, place.chain, place.frame, place.view)
    if swallowed.caught is Caught.NAMED and may_be_foreign(body, place.frame, place.view):
        return False
    return loops or swallowed.despite.effect in (Effect.WAIT, Effect.CALLER)


def _is_clean_up(swallowed: Swallowed, place: Place) -> bool:
    """Whether a function that closes something goes on with that: not for ever, and not past a `finally`."""
    if swallowed.caught is not Caught.WITH_ALL:
        return isinstance(swallowed.node, ast.ExceptHandler)
    if isinstance(swallowed.node, ast.stmt):
        return False
    match swallowed.despite.effect:
        case Effect.LOOP:
            around = next((outer for outer in reversed(place.chain) if isinstance(outer, Loop)), None)
            return isinstance(around, ast.For)
        case Effect.FAILURE:
            return False
    return True


def _answers(swallowed: Swallowed, place: Place) -> bool:
    match swallowed.node:
        case ast.ExceptHandler() as handler:
            return answers([*place.chain, handler], swallowed.exits)
        case ast.Return() as leaving:
            return answers(place.chain, [Exit(Way.RETURN, leaving)])
    return answers(place.chain, swallowed.exits)


def is_mistake_without_loop(handler: ast.ExceptHandler | None, caught: Caught, place: Place) -> bool:
    """Whether what ends a cancellation may be a mistake where no loop goes round for it; cheap.

    `handler` is None for a `suppress` and a `finally`: the former holds for a few statements that were chosen.
    """
    if caught is Caught.WITH_ALL:
        return True
    if handler is None or _closes(place.function):
        return False
    # Beside other exceptions, or as they are, a cancellation is treated as one more failure.
    by_kind = caught is Caught.LEVEL or _names_failures(handler, place)
    return by_kind or _is_logged_as_errors(handler, place) or owes_a_value(handler, place.chain, place)


def _raises(handler: ast.ExceptHandler) -> bool:
    """Whether a handler raises again when it was told so: `if self.strict: raise`."""
    choices = (node for node in own_nodes(handler.body) if isinstance(node, ast.If))
    return any(
        any(isinstance(inner, ast.Raise) and inner.exc is None for inner in own_nodes([*one.body, *one.orelse]))
        # `if isinstance(err, SystemExit): raise` forgets the cancellation.
        and handler.name not in texts([one.test])
        for one in choices
    )


def _is_for_the_rest(handler: ast.ExceptHandler, place: Place) -> bool:
    """Whether a handler above lets out what ends a generator."""
    for above in _handlers(place):
        if above is handler:
            return False
        if above.type is not None and catches(above.type, place.frame, place.view) is None:
            classes = place.view.exceptions.classes_of(above.type, place.frame)
            if any(lineage.own == "builtins.GeneratorExit" for lineage in classes):
                return True
    return False


def _handlers(place: Place) -> Sequence[ast.ExceptHandler]:
    statement = next(outer for outer in reversed(place.chain) if isinstance(outer, Try))
    return statement.handlers


def _closes(function: ast.AsyncFunctionDef) -> bool:
    return not _CLOSING.isdisjoint(function.name.strip("_").split("_"))


def _names_failures(handler: ast.ExceptHandler, place: Place) -> bool:
    """Whether a handler names certain errors as well: with `Exception`, it is for whatever may happen."""
    elements = handler.type.elts if isinstance(handler.type, ast.Tuple) else []
    names = {lineage.own for element in elements for lineage in place.view.exceptions.classes_of(element, place.frame)}
    others = any(catches(element, place.frame, place.view) is None for element in elements)
    return others and names.isdisjoint(ALL_ERRORS)


def _is_logged_as_errors(handler: ast.ExceptHandler, place: Place) -> bool:
    """Whether a handler only logs the cancellation, and another one of the `try` does the same with an error."""
    others = (other for other in _handlers(place) if other is not handler)
    return _only_logs(handler) and any(map(_only_logs, others))


def _only_logs(handler: ast.ExceptHandler) -> bool:
    return all(
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and last_name(statement.value.func) in LOGS
        for statement in handler.body
    )
