"""What a `with` enters to be alone, or in turn.

async with self._lock:                             itself
async with self._locks[key]: / self._lock_of(key)  none: one for each key
turn = self._lock(priority=1)
async with turn:                                   `self._lock`
async with self._lock.reader_lock:                 none: those who read do not keep each other out
"""

import ast
from collections.abc import Iterator

from async_lint.inference.independence.words import names_any, those, words
from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.syntax.nodes import descendants

_FOR_READERS = frozenset({"read", "reader", "readers"})


def entered(value: ast.expr, function: Function) -> Iterator[ast.Name | ast.Attribute]:
    """Yield what may be entered, without what makes one for each key; behind a local name, what that was made from."""
    match value:
        case ast.IfExp(body=first, orelse=second):
            yield from entered(first, function)
            yield from entered(second, function)
        case ast.Call(func=ast.Name() | ast.Attribute() as func, args=[]):
            yield func
        case ast.Name(id=name):
            made = list(_assigned(name, function))
            for one in made:
                # `lock = lock` would come back to itself.
                if not isinstance(one, ast.Name):
                    yield from entered(one, function)
            if not made:
                yield value
        case ast.Attribute():
            yield value


def is_guard(manager: ast.Name | ast.Attribute) -> bool:
    """Whether it lets in one at a time, or a few, by its name."""
    return names_any(manager, "guards") and not for_readers(manager)


def for_readers(manager: ast.Name | ast.Attribute) -> bool:
    return not _FOR_READERS.isdisjoint(words(last_name(manager)))


def is_lock(manager: ast.Name | ast.Attribute) -> bool:
    """Whether it lets in one at a time, by the last part of its name."""
    return not those("locks").isdisjoint(words(last_name(manager)))


def _assigned(name: str, function: Function) -> Iterator[ast.expr]:
    for node in descendants(function.whole()):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
