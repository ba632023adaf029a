"""The ways out of a block: off its end, by `return`, `break` or `continue`, by an exception of its own."""

import ast
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from async_lint.inference.face import Try

Loop = ast.For | ast.AsyncFor | ast.While


class Way(Enum):
    END = "end"
    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"
    RAISE = "raise"


class Exit(NamedTuple):
    """One way out, and the statement that takes it; for `END` the last one that ran."""

    way: Way
    node: ast.stmt


class Handled(NamedTuple):
    """What is known of the exception that a block handles.

    `outcome` says how a test comes out for it, None where nothing tells; `stops` whether a statement never ends; and
    `raises_again` whether a `raise` raises it: that is a way on for it, and so none of these.
    """

    outcome: Callable[[ast.expr], bool | None]
    stops: Callable[[ast.stmt], bool]
    raises_again: Callable[[ast.Raise], bool]


ANY = Handled(lambda test: None, lambda statement: False, lambda statement: statement.exc is None)


def exits(block: Sequence[ast.stmt], handled: Handled = ANY) -> list[Exit]:
    """Return the ways out of a block; none where it is left by the handled exception alone, or never."""
    ways: list[Exit] = []
    for statement in block:
        here = _of(statement, handled)
        ways += [one for one in here if one.way is not Way.END]
        if all(one.way is not Way.END for one in here):
            return ways
    return [*ways, Exit(Way.END, block[-1])] if block else ways


def _of(statement: ast.stmt, handled: Handled) -> list[Exit]:
    match statement:
        case ast.Raise():
            return [] if handled.raises_again(statement) else [Exit(Way.RAISE, statement)]
        case ast.Return():
            return [Exit(Way.RETURN, statement)]
        case ast.Break():
            return [Exit(Way.BREAK, statement)]
        case ast.Continue():
            return [Exit(Way.CONTINUE, statement)]
        case ast.If():
            return _branches(statement, handled)
        case ast.For() | ast.AsyncFor() | ast.While():
            return _of_loop(statement, handled)
        case ast.With() | ast.AsyncWith():
            return exits(statement.body, handled)
        case ast.Match(cases=cases):
            ways = [one for case in cases for one in exits(case.body, handled)]
            return ways if any(is_irrefutable(case) for case in cases) else [*ways, Exit(Way.END, statement)]
    if isinstance(statement, Try):
        return _of_try(statement, handled)
    return [] if handled.stops(statement) else [Exit(Way.END, statement)]


def _branches(statement: ast.If, handled: Handled) -> list[Exit]:
    outcome = handled.outcome(statement.test)
    taken = exits(statement.body, handled) if outcome is not False else []
    if outcome is True:
        return taken
    return taken + (exits(statement.orelse, handled) if statement.orelse else [Exit(Way.END, statement)])


def _of_loop(loop: Loop, handled: Handled) -> list[Exit]:
    inner = exits(loop.body, handled)
    ways = [one for one in inner if one.way in (Way.RETURN, Way.RAISE)]
    broken = any(one.way is Way.BREAK for one in inner)
    # A loop that is sure to run, and leaves in its first turn, never gets to its end.
    if not is_endless(loop) and not (_runs(loop) and all(one.way not in (Way.END, Way.CONTINUE) for one in inner)):
        ways += exits(loop.orelse, handled) if loop.orelse else [Exit(Way.END, loop)]
    return [*ways, Exit(Way.END, loop)] if broken else ways


def _runs(loop: Loop) -> bool:
    """Whether the body of a loop is sure to run: it is over something written out that has elements."""
    return isinstance(loop, ast.For) and _has_elements(loop.iter)


def _has_elements(iterable: ast.expr) -> bool:
    match iterable:
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return any(not isinstance(one, ast.Starred) or _has_elements(one.value) for one in elements)
        case ast.Dict(keys=keys, values=values):
            return any(key is not None or _has_elements(value) for key, value in zip(keys, values, strict=True))
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(count))]):
            return count > 0
    return False


def _of_try(statement: ast.Try, handled: Handled) -> list[Exit]:
    last = exits(statement.finalbody, handled) if statement.finalbody else []
    leaving = [one for one in last if one.way is not Way.END]
    # A `finally` that leaves takes the place of whatever was on its way.
    if statement.finalbody and len(leaving) == len(last):
        return leaving
    ways = exits([*statement.body, *statement.orelse], handled)
    for handler in statement.handlers:
        ways += exits(handler.body, handled)
    return ways + leaving


def is_endless(loop: ast.AST) -> bool:
    return isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) and bool(loop.test.value)


def is_irrefutable(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def leaving_statements(block: Sequence[ast.stmt], handled: Handled = ANY) -> Iterator[ast.stmt]:
    """Yield the statements by which control leaves a `finally`, and which so end whatever exception is on its way."""
    for one in exits(block, handled):
        if one.way in (Way.RETURN, Way.BREAK, Way.CONTINUE):
            yield one.node
