"""A `try` around a conversion of what the new exception quotes: the caught one would only say it again."""

from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Raised
from async_lint.rules._exceptions.conversions import (
    failures_of,
    is_explained,
    tells_format,
    tells_input,
    tells_text,
)
from async_lint.rules._exceptions.conversions_among import conversions_among
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.failed_lookup import METHODS, NO_ITEM, is_worked_out
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.quoted import only_tells, quotes, texts_of, unshaped
from async_lint.rules._exceptions.split_from import quotes_whole
from async_lint.rules._exceptions.tried import is_plain, key_of, steps_of
from async_lint.rules._shared.names import mentions, own_nodes

_WRONG_KIND = frozenset({"builtins.TypeError"})
_NO_VALUE = frozenset({"builtins.ValueError"})


def quotes_unconverted(
    raised: cst.BaseExpression, handler: Handler, made: Sequence[Raised], statement: cst.Try, context: Context
) -> bool:
    """Whether all that can fail in a `try` is to convert what the new exception quotes, or to find it in a list.

    The handler catches nothing but that failure, and never looks at it, or only puts its text into the new exception.
    """
    if not isinstance(raised, (cst.Call, cst.Name)):
        return False
    steps = steps_of(statement, context) or conversions_among(handler, statement, context)
    if not steps or not _is_told(raised, handler, steps, context):
        return False
    is_told = _tells_caught(handler)
    found = [_converted(step, is_told, context) for step in steps]
    texts = texts_of(raised, handler)
    keys = [key for key in found if key is not None]
    if len(keys) < len(found):
        return False
    quoted = [quotes(texts, key, context) or quotes_whole(texts, key, context) for key in keys]
    # The text of what failed quotes the others, as long as one of them stands beside it.
    is_beside = is_told and any(quoted) and all(tells_input(step, context) for step in steps)
    if not all(quoted) and not is_beside and not _says_it_again(handler, made, steps, context):
        return False
    failures = frozenset.intersection(*(_failures(step, context) for step in steps))
    # An element may be missing or of the wrong kind itself, unless a reader sees all of what it was taken from.
    elements = [key for key in keys if isinstance(key, cst.Subscript)]
    if elements and all(quotes_whole(texts, key, context) for key in elements):
        failures |= NO_ITEM
    elif elements:
        failures -= NO_ITEM | _WRONG_KIND
        if any(is_worked_out(key, context) for key in elements):
            return False
    return _is_all(handler, steps, failures, context)


def _is_told(raised: cst.BaseExpression, handler: Handler, steps: list[cst.Call], context: Context) -> bool:
    """Whether the new exception says what the caught one does beside the text."""
    name = caught_name(handler)
    if name is not None and mentions(handler.body, name):
        return all(failures_of(step, context) for step in steps) and only_tells(raised, handler, name, context)
    return not any(is_explained(step, context) for step in steps)


def _says_it_again(handler: Handler, made: Sequence[Raised], steps: list[cst.Call], context: Context) -> bool:
    """Whether the new exception is a ValueError with the caught one's text, which quotes what was converted."""
    return (
        _tells_caught(handler)
        and {new.lineage.own for new in made} <= _NO_VALUE
        and all(tells_text(one, context) for one in steps)
    )


def _tells_caught(handler: Handler) -> bool:
    """Whether a handler reads what it caught, and not to ask for its class."""
    name = caught_name(handler)
    # `raise type(err)` is a class without the text.
    is_class = any(isinstance(node, cst.Name) and node.value == "type" for node in own_nodes(handler.body))
    return name is not None and mentions(handler.body, name) and not is_class


def _is_all(handler: Handler, steps: list[cst.Call], failures: frozenset[str], context: Context) -> bool:
    """Whether a handler catches nothing but `failures`."""
    caught = {lineage.own for lineage in classes_caught(handler.type, context)} if failures and handler.type else set()
    # Nothing else can be meant where a text is converted.
    if handler.type is None or caught == {"builtins.Exception"}:
        return bool(failures) and all(failures_of(step, context) for step in steps)
    return bool(caught) and caught <= failures


def _converted(step: cst.Call, is_told: bool, context: Context) -> cst.BaseExpression | None:
    """Return what is converted, if nothing else in `step` can fail."""
    match step:
        case cst.Call(func=func, args=[cst.Arg(value=key, star="")]):
            pass
        case cst.Call(func=func, args=[cst.Arg(value=key, star=""), cst.Arg(value=option)]) if (
            _is_written_out(option) or (is_told and is_plain(option) and tells_format(step, context))
        ) and failures_of(step, context):
            pass
        case _:
            return None
    return key if is_plain(func) and (is_plain(unshaped(key)) or key_of(key) is not None) else None


def _is_written_out(option: cst.BaseExpression) -> bool:
    is_constant = isinstance(option, cst.Name) and option.value in ("False", "True")
    return is_constant or isinstance(option, (cst.Integer, cst.SimpleString))


def _failures(step: cst.Call, context: Context) -> frozenset[str]:
    """Return the exceptions that say no more than that something is no number, or is not in a list."""
    if failures := failures_of(step, context):
        return failures
    callee = context.name_of(step.func)
    match step.func:
        case cst.Name(value="hash" | "iter" | "len" as name) if callee == f"builtins.{name}":
            return _WRONG_KIND
        case cst.Attribute(attr=cst.Name(value="index" | "remove" as method)):
            # A function of somebody else by that name may fail of anything.
            return METHODS[method] if callee is None or callee.startswith("builtins.") else frozenset()
    classes = classes_caught(step.func, context)
    return _NO_VALUE if classes and all("enum.Enum" in lineage.names for lineage in classes) else frozenset()
