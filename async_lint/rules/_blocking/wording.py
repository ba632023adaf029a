"""How a message tells what blocks, and how a call leads there."""

import os

from async_lint.inference.face import BlockingPath, cited

_BUILTIN = "builtins."
_LONG = 3  # words of a name that a message gives whole


def message(path: BlockingPath, more: int) -> str:
    """Return the fact with its evidence: the functions on the way, and where each is defined.

    `more` calls behind it wait on the same connection.
    """
    call = path.end
    # Of a loop, that is the deadline of one turn.
    turn = " in each turn of a loop" if call.repeated else ""
    duration = f"{_duration(' for', call.seconds)}{_duration(', for up to', call.limit)}{turn}"
    waits = f"{call.blocker.waits}{duration}{_also(more)}"
    name = f"`{label(call.name)}`"
    stands_still = "the event loop stands still, and every other task with it"
    if not path.hops:
        return f"{name} {waits}; until then {stands_still}"
    first, *others = [f"`{hop.label}` ({_place(hop.path, hop.line)})" for hop in path.hops]
    end = f"{name} ({_place(path.path, path.line)})"
    way = ", which calls ".join([f"{first} calls {others[0]}", *others[1:], end]) if others else f"{first} calls {end}"
    return f"{way}: that {waits}; until then {stands_still}"


def label(name: str) -> str:
    """Return what a message calls a public name: `Session.get`, `MongoClient.*.find_one`."""
    name = name.removeprefix(_BUILTIN)
    words = name.split(".")
    if "*" in words:
        return ".".join(words[words.index("*") - 1 :])
    return name if len(words) <= _LONG else ".".join(words[-2:])


def _also(more: int) -> str:
    if not more:
        return ""
    also = "as does 1 more call" if more == 1 else f"as do {more} more calls"
    return f", {also} on the same connection below"


def _duration(how: str, seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{how} {seconds:g} second" + ("" if seconds == 1 else "s")


def _place(path: str, line: int) -> str:
    place = cited(path, line)
    # There is one in each package.
    return os.path.join(os.path.basename(os.path.dirname(path)), place) if place.startswith("__init__.py:") else place
