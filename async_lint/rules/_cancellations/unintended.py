"""Whether a handler seems to end cancellations by mistake, or was written for them."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import descendants
from async_lint.rule import Option
from async_lint.rules._cancellations.accounted_for import Place
from async_lint.rules._cancellations.cancellation import Caught, catches
from async_lint.rules._cancellations.despite import Effect
from async_lint.rules._cancellations.foreign_cancellation import may_be_foreign, shields
from async_lint.rules._cancellations.swallowed import Swallowed
from async_lint.rules._cancellations.ways import Exit, Way

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
    node, effect = swallowed.node, swallowed.despite.effect
    if isinstance(node, ast.Call):
        # It holds for a few statements that were chosen, so only a loop that never ends is a mistake.
        return swallowed.caught is not Caught.NAMED or effect is Effect.LOOP
    if not isinstance(node, ast.ExceptHandler) or node.type is None:
        return True
    body: Sequence[ast.AST] = getattr(place.chain[-1], "body", ())
    if swallowed.caught is Caught.WITH_ALL:
        # Who shields the work, or lets some exceptions through before, has thought of cancellations.
        return not shields(body, place.chain, place.frame, place.view) and not _is_chosen(node, place)
    # anyio and trio forbid it, whatever was meant.
    if swallowed.caught is Caught.LEVEL:
        return True
    if may_be_foreign(body, place.frame, place.view):
        return False
    if effect is Effect.LOOP:
        return True
    if effect not in (Effect.WAIT, Effect.CALLER) or _closes(place.function):
        return False
    # Beside other exceptions, a cancellation is treated as one more failure.
    return _names_failures(node, place) or (_only_reports(node) and all(map(_gives_nothing, swallowed.exits)))


def _is_chosen(handler: ast.ExceptHandler, place: Place) -> bool:
    """Whether a handler above lets out what ends a program or a generator: this one is for the rest."""
    for above in getattr(place.chain[-1], "handlers", ()):
        if above is handler:
            return False
        if above.type is not None and catches(above.type, place.frame, place.view) is None:
            classes = place.view.exceptions.classes_of(above.type, place.frame)
            if any(lineage.own == "builtins.GeneratorExit" for lineage in classes):
                return True
    return False


def _closes(function: ast.AsyncFunctionDef) -> bool:
    return not _CLOSING.isdisjoint(function.name.strip("_").split("_"))


def _names_failures(handler: ast.ExceptHandler, place: Place) -> bool:
    elements = handler.type.elts if isinstance(handler.type, ast.Tuple) else []
    return any(catches(element, place.frame, place.view) is None for element in elements)


def _only_reports(handler: ast.ExceptHandler) -> bool:
    """Whether a handler does nothing about what it caught but to log it."""
    return all(
        isinstance(statement, ast.Pass | ast.Return | ast.Continue)
        or (isinstance(statement, ast.Expr) and not any(isinstance(node, ast.Await) for node in descendants(statement)))
        for statement in handler.body
    )


def _gives_nothing(one: Exit) -> bool:
    value = one.node.value if one.way is Way.RETURN and isinstance(one.node, ast.Return) else None
    return value is None or (isinstance(value, ast.Constant) and value.value is None)
