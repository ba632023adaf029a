"""Errors whose class says all that they say: nothing was there, it took too long, somebody else has it."""

from itertools import pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.rule import Option
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.failed_lookup import NO_ITEM
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._exceptions.reworded_timeout import TIMEOUTS
from async_lint.rules._shared.names import mentions, own_nodes

MISSING_CAUSES = Option(
    key="missing-causes",
    kind=str,
    default="telling",
    help="which causes ASL401 asks for: those that tell more than their class does, or also a KeyError and the like",
    choices=("telling", "all"),
)

# Of these a `try` of many statements could not tell where they came from.
_SHORT = 5
_KEY_ERROR = "builtins.KeyError"
_NOT_THERE = NO_ITEM | {"builtins.AttributeError"}
_OF_SYSTEM = frozenset(
    {
        "builtins.BlockingIOError",
        "builtins.FileExistsError",
        "builtins.FileNotFoundError",
        "builtins.ProcessLookupError",
    }
)
_WITHOUT_TEXT = frozenset(
    {
        "anyio.EndOfStream",
        "anyio.WouldBlock",
        "anyio._core._exceptions.EndOfStream",
        "anyio._core._exceptions.WouldBlock",
        "asyncio.QueueEmpty",
        "asyncio.QueueFull",
        "asyncio.queues.QueueEmpty",
        "asyncio.queues.QueueFull",
        "builtins.StopAsyncIteration",
        "builtins.StopIteration",
        "cryptography.exceptions.InvalidSignature",
        "cryptography.exceptions.InvalidTag",
        "cryptography.fernet.InvalidToken",
        "decimal.InvalidOperation",
        "queue.Empty",
        "queue.Full",
        "_queue.Empty",
    }
)
_WRONG_KIND = frozenset({"builtins.TypeError"})
_OF_TOKEN = ("ExpiredSignatureError", "InvalidAudienceError", "InvalidIssuerError", "InvalidSignatureError")
# Their text is fixed, or names what was asked for. A server's "not found" (azure, botocore, google) says what of it.
_OTHERS = frozenset(
    {
        *(f"jwt{module}.{name}" for module in ("", ".exceptions") for name in _OF_TOKEN),
        *(f"sqlalchemy{module}exc.NoResultFound" for module in (".", ".orm.")),
        "botocore.exceptions.NoCredentialsError",
        "builtins.NotImplementedError",
        "cryptography.x509.ExtensionNotFound",
        "cryptography.x509.extensions.ExtensionNotFound",
        "django.core.exceptions.ObjectDoesNotExist",
        "django.urls.Resolver404",
        "django.urls.exceptions.Resolver404",
        "docker.errors.ImageNotFound",
        "importlib.metadata.PackageNotFoundError",
        "importlib_metadata.PackageNotFoundError",
        "jose.ExpiredSignatureError",
        "jose.exceptions.ExpiredSignatureError",
        "psutil.NoSuchProcess",
        "psutil._common.NoSuchProcess",
        "pytz.UnknownTimeZoneError",
        "pytz.exceptions.UnknownTimeZoneError",
        "tortoise.exceptions.DoesNotExist",
        "zoneinfo.ZoneInfoNotFoundError",
        "zoneinfo._common.ZoneInfoNotFoundError",
    }
)
_TOLD = _NOT_THERE | _OF_SYSTEM | _WITHOUT_TEXT | _OTHERS | TIMEOUTS


def is_told_by_class(handler: Handler, statement: cst.Try, context: Context) -> bool:
    """Whether a handler is for such errors alone, never looks at them, and its `try` is short.

    To look whether a KeyError is of a key that is written out is as good.

    `except KeyError: raise NotFound(...)`: who wrote that knew what fails, and says it in better words.
    """
    if context.settings[MISSING_CAUSES.key] == "all":
        return False
    name = caught_name(handler)
    if handler.type is None:
        return False
    caught = {lineage.own for lineage in classes_caught(handler.type, context)}
    if name is not None and mentions(handler.body, name) and not _is_of_known_key(handler, name, caught, context):
        return False
    # What cannot be looked up is not there either; by itself, a TypeError may be any mistake.
    if not caught.isdisjoint(_NOT_THERE):
        caught -= _WRONG_KIND
    return bool(caught) and caught <= _TOLD and _statements(statement) <= _SHORT


def _is_of_known_key(handler: Handler, name: str, caught: set[str | None], context: Context) -> bool:
    """Whether a KeyError was asked for its key, and the visited node stands where that is one written out."""
    inside = context.ancestors[context.ancestors.index(handler) :]
    return caught == {_KEY_ERROR} and any(
        isinstance(around, cst.If) and below is around.body and _asks_for_key(around.test, name)
        for around, below in pairwise(inside)
    )


def _asks_for_key(test: cst.BaseExpression, name: str) -> bool:
    match test:
        case cst.Comparison(
            left=cst.Subscript(
                value=cst.Attribute(value=cst.Name(value=asked), attr=cst.Name(value="args")),
                slice=[cst.SubscriptElement(slice=cst.Index(value=cst.Integer(value="0")))],
            ),
            comparisons=[cst.ComparisonTarget(operator=cst.Equal(), comparator=cst.BaseNumber() | cst.SimpleString())],
        ):
            return asked == name
    return False


def _statements(statement: cst.Try) -> int:
    kinds = (cst.BaseSmallStatement, cst.BaseCompoundStatement)
    return sum(isinstance(node, kinds) for node in own_nodes(statement.body))
