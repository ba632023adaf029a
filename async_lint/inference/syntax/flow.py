"""Which bindings reach a use, and what tests on the way say of it: a walk backwards over the statements.

    def f(x):
        y = first()             the walk ends here: `y` is certainly bound
        if x is None:
            return              what is behind this `if` runs only where `x is None` did not hold
        while again():
            y = second()        may run before the use, or not at all
        use(y)                  the use: from here up

For `y`, both assignments reach the use and the function's beginning does not; the test `x is None` failed. A *place* is
a line and a column. A statement *certainly* binds a name when control cannot come out of it without doing so.
"""

import ast
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.syntax.binding import Try
from async_lint.inference.syntax.conditions import Test, left_behind, of_cases
from async_lint.inference.syntax.control import Place, holds, is_before, within
from async_lint.inference.syntax.nodes import blocks
from async_lint.inference.syntax.statement_bindings import (
    NOT_AT_ALL,
    Bound,
    Wanted,
    any_of,
    backwards,
    bound_by,
    bound_in,
    bound_in_pattern,
)


class Reaching(NamedTuple):
    """The nodes that bind the name on some way to the use; `start` when the function's beginning reaches it too.

    `statement` is the innermost one around the use.
    """

    nodes: frozenset[int]
    start: bool
    tests: tuple[Test, ...]
    statement: ast.stmt | None


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def reaching(
    name: str, place: Place, body: Sequence[ast.stmt], walrus: bool = True, lines: Sequence[int] | None = None
) -> Reaching:
    """Return what reaches `place`; nodes by identity. `name` may be dotted: then only the tests matter.

    `walrus` false promises that there is no `:=` in the source, for looking for those is dear; `lines`, that nothing
    binds the name elsewhere.
    """
    wanted = Wanted(name, name.partition(".")[0] if "." in name else "", walrus, lines)
    tests: list[Test] = []
    steps = list(_steps(body, place))
    so_far = NOT_AT_ALL
    for statement, block, index in reversed(steps):
        header = _entered(wanted, statement, place)
        so_far = so_far.after(header, header.certain)
        if not (so_far.certain and isinstance(statement, ast.If)):  # a test that binds the name says nothing of it
            tests += _tests_around(statement, place)
        if so_far.certain:
            break
        for earlier in reversed(block[:index]):
            bound = bound_by(wanted, earlier, False)
            so_far = so_far.after(bound, bound.certain)
            if so_far.certain:
                break
            tests += left_behind(earlier)
        if so_far.certain:
            break
    start = not so_far.certain or so_far.reset
    return Reaching(frozenset(so_far.nodes), start, tuple(tests), steps[-1][0] if steps else None)


def statement_at(body: Sequence[ast.stmt], place: Place) -> ast.stmt | None:
    """Return the innermost statement around a place."""
    steps = list(_steps(body, place))
    return steps[-1][0] if steps else None


def _steps(body: Sequence[ast.stmt], place: Place) -> Iterator[tuple[ast.stmt, Sequence[ast.stmt], int]]:
    """Yield the statements around a place, the outermost first, each with its block and where it stands in that."""
    block: Sequence[ast.stmt] | None = body
    while block is not None:
        index = bisect_right(block, place, key=_start) - 1
        if index < 0 or not holds(block[index], place):
            return
        statement = block[index]
        yield statement, block, index
        inner = () if isinstance(statement, _SCOPES) else blocks(statement)
        block = next((nested for nested in inner if nested and within(nested, place)), None)


def _start(statement: ast.stmt) -> Place:
    return statement.lineno, statement.col_offset


def _tests_around(statement: ast.stmt, place: Place) -> Sequence[Test]:
    """Return what holds where a place inside a statement is reached, as its header says."""
    if isinstance(statement, ast.If):
        if statement.body and within(statement.body, place):
            return (Test(statement.test, True),)
        if statement.orelse and within(statement.orelse, place):
            return (Test(statement.test, False),)
    elif isinstance(statement, ast.While) and within(statement.body, place):
        return (Test(statement.test, True),)
    elif isinstance(statement, ast.Match):
        return of_cases(statement, place)
    return ()


def _entered(wanted: Wanted, statement: ast.stmt, place: Place) -> Bound:
    """Return what has run of a statement where a place inside it is reached: its header, earlier rounds of a loop."""
    if isinstance(statement, ast.If):
        return bound_in(wanted, statement.test)
    if isinstance(statement, ast.While):
        return any_of(wanted, statement.body).after(bound_in(wanted, statement.test))
    if isinstance(statement, ast.For | ast.AsyncFor):
        if within(statement.body, place):
            # Each round binds it anew, whatever earlier ones did.
            if wanted.is_in(statement.target):
                return Bound((id(statement),), True)
            return any_of(wanted, statement.body)
        if statement.orelse and within(statement.orelse, place):
            return any_of(wanted, [statement])
    elif isinstance(statement, ast.With | ast.AsyncWith):
        for item in statement.items:
            if item.optional_vars is not None and is_before(item.context_expr, place):
                if wanted.is_in(item.optional_vars):
                    return Bound((id(statement),), True)
    elif isinstance(statement, Try):
        return _entered_try(wanted, statement, place)
    elif isinstance(statement, ast.Match):
        so_far = NOT_AT_ALL
        for case in statement.cases:
            if within(case.body, place):
                matched = bound_in_pattern(wanted, case.pattern)
                so_far = so_far.after(matched, matched.certain)
        return so_far
    return NOT_AT_ALL


def _entered_try(wanted: Wanted, statement: Try, place: Place) -> Bound:
    if within(statement.body, place):
        return NOT_AT_ALL
    for handler in statement.handlers:
        if within(handler.body, place):
            if handler.name == wanted.name:
                return Bound((id(handler),), True)
            return any_of(wanted, statement.body)
    if statement.orelse and within(statement.orelse, place):
        return backwards(wanted, statement.body, False)
    return any_of(wanted, [statement])
