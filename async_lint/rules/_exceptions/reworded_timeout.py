"""One timeout in place of another: the new one says all that the caught one does."""

import re
from collections.abc import Sequence
from itertools import pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Lineage, Raised
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.quoted import only_tells
from async_lint.rules._exceptions.statuses import answered_status
from async_lint.rules._shared.names import bindings, mentions

TIMEOUTS = frozenset(
    {
        "asyncio.TimeoutError",
        "asyncio.exceptions.TimeoutError",
        "builtins.TimeoutError",
        "concurrent.futures.TimeoutError",
        "concurrent.futures._base.TimeoutError",
        "func_timeout.FunctionTimedOut",
        "func_timeout.exceptions.FunctionTimedOut",
        "socket.timeout",
        "trio.TooSlowError",
        "trio._timeouts.TooSlowError",
    }
)
_OF_AIOHTTP = ("ConnectionTimeoutError", "ServerTimeoutError", "SocketTimeoutError")
_OF_HTTPX = ("ConnectTimeout", "PoolTimeout", "ReadTimeout", "WriteTimeout")
_OF_REQUESTS = ("ConnectTimeout", "ReadTimeout")
# Their class says what took too long; that of a base such as `httpx.TimeoutException` does not.
_KINDS = frozenset(
    {
        *(f"aiohttp{module}.{name}" for module in ("", ".client_exceptions") for name in _OF_AIOHTTP),
        *(f"httpx{module}.{name}" for module in ("", "._exceptions") for name in _OF_HTTPX),
        *(f"requests{module}.{name}" for module in ("", ".exceptions") for name in _OF_REQUESTS),
    }
)
_GATEWAY_TIMEOUT = 504  # DEADLINE_EXCEEDED of gRPC as well
_ASKS_FOR_TIMEOUT = re.compile(r"time(?:d[ _]?)?out", re.IGNORECASE)


def rewords_timeout(raised: cst.BaseExpression, handler: Handler, made: Sequence[Raised], context: Context) -> bool:
    """Whether what is caught is a timeout, by its class or by a test on the way, and so is what is raised.

    That is one by its class, be it one that the project calls so, or by the status that it answers with.
    """
    caught = classes_caught(handler.type, context) if handler.type is not None else ()
    is_caught = bool(caught) and all(not TIMEOUTS.isdisjoint(lineage.names | lineage.missing) for lineage in caught)
    if is_caught and answered_status(raised, context) == _GATEWAY_TIMEOUT:
        return True
    if not all(_is_timeout(new.lineage) for new in made):
        return False
    return is_caught or _is_told(handler, context) or _is_repeated(raised, handler, caught, context)


def _is_timeout(cls: Lineage) -> bool:
    return (
        not TIMEOUTS.isdisjoint(cls.names) or _ASKS_FOR_TIMEOUT.search((cls.own or "").rpartition(".")[2]) is not None
    )


def _is_repeated(raised: cst.BaseExpression, handler: Handler, caught: Sequence[Lineage], context: Context) -> bool:
    """Whether the new exception holds the text of a timeout of one kind."""
    name = caught_name(handler)
    is_of_one_kind = bool(caught) and all(lineage.own in _KINDS for lineage in caught)
    return is_of_one_kind and name is not None and only_tells(raised, handler, name, context)


def _is_told(handler: Handler, context: Context) -> bool:
    """Whether an `if` around the `raise` asks the caught exception for a timeout: `if "timed out" in str(err)`."""
    name = caught_name(handler)
    if name is None:
        return False
    # `message = text_of(err)` stands for it, too.
    names = [name, *(one.name for one in bindings(handler.body) if one.value is not None and mentions(one.value, name))]
    inside = context.ancestors[context.ancestors.index(handler) :]
    return any(
        isinstance(around, cst.If)
        and below is around.body
        and any(mentions(around.test, each) for each in names)
        and _ASKS_FOR_TIMEOUT.search(context.code(around.test)) is not None
        for around, below in pairwise(inside)
    )
