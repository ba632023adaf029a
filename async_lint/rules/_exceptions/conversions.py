"""What the standard library makes of one text: that it cannot says little more than the text itself does."""

import libcst as cst

from async_lint.context import Context

_NO_NUMBER = frozenset({"builtins.TypeError", "builtins.ValueError"})
NUMBERS = ("builtins.float", "builtins.int", "decimal.Decimal")
# What they fail with says where in the text, or why.
_EXPLAINED = {
    "ipaddress.ip_network": frozenset({"builtins.ValueError"}),
    "json.loads": _NO_NUMBER | {"json.JSONDecodeError", "json.decoder.JSONDecodeError"},
    "orjson.loads": _NO_NUMBER | {"orjson.JSONDecodeError"},
}
_FAILURES = {
    **_EXPLAINED,
    **dict.fromkeys(NUMBERS, _NO_NUMBER),
    "decimal.Decimal": _NO_NUMBER | {"decimal.InvalidOperation"},
    "datetime.date.fromisoformat": _NO_NUMBER,
    "datetime.datetime.fromisoformat": _NO_NUMBER,
    "datetime.datetime.strptime": _NO_NUMBER,
    "datetime.time.fromisoformat": _NO_NUMBER,
    "ipaddress.ip_address": frozenset({"builtins.ValueError"}),
    "uuid.UUID": _NO_NUMBER | {"builtins.AttributeError"},
    # Where the package `tzdata` is what is missing, it says no more either.
    "zoneinfo.ZoneInfo": frozenset(
        {
            "builtins.KeyError",
            "builtins.ValueError",
            "zoneinfo.ZoneInfoNotFoundError",
            "zoneinfo._common.ZoneInfoNotFoundError",
        }
    ),
}
_NO_BYTES = _NO_NUMBER | {"binascii.Error"}
_FAILURES |= dict.fromkeys(
    (
        *(f"base64.{name}" for name in ("b16decode", "b32decode", "b64decode", "decodebytes")),
        *(f"base64.{name}_b64decode" for name in ("standard", "urlsafe")),
        *(f"binascii.{name}" for name in ("a2b_base64", "a2b_hex", "unhexlify")),
        *(f"builtins.{name}.fromhex" for name in ("bytearray", "bytes")),
    ),
    _NO_BYTES,
)
_TELLING = ("builtins.float", "builtins.int")
_PARSING = "datetime.datetime.strptime"
_OF_DAYS = tuple(f"datetime.{name}.fromisoformat" for name in ("date", "datetime", "time"))
_OF_A_DAY = frozenset({"date", "isoformat", "time"})


def failures_of(call: cst.Call, context: Context) -> frozenset[str]:
    """Return the exceptions that say that a text cannot be converted; none where a call converts no text."""
    name = next((name for name in _FAILURES if context.is_called(call, name)), None)
    return _FAILURES[name] if name is not None else frozenset()


def is_explained(call: cst.Call, context: Context) -> bool:
    """Whether the exception of a conversion that failed says more than that the text cannot be converted."""
    return context.is_called(call, *_EXPLAINED)


def tells_text(call: cst.Call, context: Context) -> bool:
    """Whether the exception of a conversion that failed quotes the text: `invalid literal for int(): 'x'`."""
    return context.is_called(call, *_TELLING)


def tells_input(call: cst.Call, context: Context) -> bool:
    """Whether the exception of a conversion that failed quotes the text, or the part that it stumbles over."""
    return context.is_called(call, *_TELLING, _PARSING, *_OF_DAYS)


def tells_format(call: cst.Call, context: Context) -> bool:
    """Whether the exception of a conversion that failed quotes the format as well."""
    return context.is_called(call, _PARSING)


def without_follow_up(value: cst.BaseExpression) -> cst.BaseExpression:
    """Return `datetime.strptime(...)` of `datetime.strptime(...).date()`: what follows fails of nothing."""
    match value:
        case cst.Call(func=cst.Attribute(value=cst.Call() as call, attr=cst.Name(value=method)), args=[]):
            return call if method in _OF_A_DAY else value
    return value
