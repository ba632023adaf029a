"""New exceptions that stand for the caught one, or answer it: a cause would add nothing that somebody looks at."""

import re

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Raised
from async_lint.rules._exceptions.beside import (
    is_decided_beside,
    is_of_result,
    is_raised_either_way,
    is_set_up,
    is_shadowed,
    never_fails,
)
from async_lint.rules._exceptions.containment import quotes_both_paths
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.failed_lookup import is_failed_lookup
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.named_key import names_missing_key
from async_lint.rules._exceptions.one_failure import fails_in_silence, is_only_jumped_to
from async_lint.rules._exceptions.reworded_timeout import rewords_timeout
from async_lint.rules._exceptions.shown_traceback import calls_for_traceback, shows_traceback
from async_lint.rules._exceptions.statuses import answered_status
from async_lint.rules._exceptions.told_again import is_made_anew, repeats_mismatch, tells_it_again
from async_lint.rules._exceptions.told_by_class import is_told_by_class
from async_lint.rules._exceptions.unconverted import quotes_unconverted
from async_lint.rules._shared.names import own_nodes

_LOGS_TRACEBACK = re.compile(
    r"\.exception\(|\bexc_info=(?!None|False)|\bprint_exc\(|\.(?:critical|error|warning)\((?:traceback\.)?format_exc\("
)


def stands_for_it(
    raised: cst.BaseExpression, handler: Handler, made: tuple[Raised, ...], statement: cst.Try, context: Context
) -> bool:
    """Whether the new exception says all that the caught one does.

    It is the answer to a request that cannot be met, by its status; it shows the whole traceback in its text; one
    timeout stands for another; the handler is where a bare `raise ValueError` of its own `try` jumps to; what stands
    beside the handler says so; it quotes what could not be converted; or the caught one's class says it all.
    """
    if _is_answer(raised, handler, context) or shows_traceback(raised, handler, context):
        return True
    if rewords_timeout(raised, handler, made, context) or _is_jumped_to(statement, handler, context):
        return True
    if (
        is_of_result(handler)
        or is_decided_beside(handler, statement)
        or is_shadowed(handler, statement, context)
        or is_raised_either_way(made, handler, statement, context)
    ):
        return True
    if (
        never_fails(statement, context)
        or is_set_up(statement)
        or quotes_unconverted(raised, handler, made, statement, context)
    ):
        return True
    if is_failed_lookup(handler, statement, context) or is_only_jumped_to(handler, statement, context):
        return True
    if is_told_by_class(handler, statement, context) or names_missing_key(raised, handler, statement, context):
        return True
    if fails_in_silence(handler, statement, context):
        return True
    if tells_it_again(raised, handler, made, statement, context) or is_made_anew(raised, handler, made, context):
        return True
    if repeats_mismatch(raised, handler, statement, context) or quotes_both_paths(raised, handler, statement, context):
        return True
    return calls_for_traceback(raised, context)


def _is_answer(raised: cst.BaseExpression, handler: Handler, context: Context) -> bool:
    status = answered_status(raised, context)
    if status is None:
        return False
    # A server's own failure is for its log, where the cause stands already if the handler has put it there.
    return status < 500 or _LOGS_TRACEBACK.search(context.code(handler)) is not None or _tells(raised, handler, context)


def _tells(raised: cst.BaseExpression, handler: Handler, context: Context) -> bool:
    """Whether the new exception is made with the caught one's class and text: all that an answer could say of it."""
    name = caught_name(handler)
    text = context.code(raised)
    if name is None:
        return False
    of_class = re.sub(rf"\btype\({name}\)|\b{name}\.__class__\b", "", text)
    return re.search(rf"\brepr\({name}\)|\b{name}!r", text) is not None or (
        of_class != text and re.search(rf"\b{name}\b", of_class) is not None
    )


def _is_jumped_to(statement: cst.Try, handler: Handler, context: Context) -> bool:
    """Whether the `try` itself raises what `handler` catches, without a word of why: `raise ValueError`."""
    if handler.type is None:
        return False
    caught = {lineage.own for lineage in classes_caught(handler.type, context)} - {None}
    for node in own_nodes(statement.body):
        if isinstance(node, cst.Raise) and node.exc is not None and node.cause is None:
            bare = node.exc.func if isinstance(node.exc, cst.Call) and not node.exc.args else node.exc
            if isinstance(bare, cst.Name) and any(lineage.own in caught for lineage in classes_caught(bare, context)):
                return True
    return False
