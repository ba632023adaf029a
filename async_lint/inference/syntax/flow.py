"""Which bindings reach a use, and what tests on the way say of it: a walk backwards over the statements."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from async_lint.inference.syntax.binding import Try, own_expressions, stored, targets
from async_lint.inference.syntax.conditions import Test, left_behind, of_cases
from async_lint.inference.syntax.control import Place, blocks, holds, is_before, leaves, within
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.static_tests import static_test


class Reaching(NamedTuple):
    """The nodes that bind the name on some way to the use; `start` when the function's beginning reaches it too.

    `statement` is the innermost one around the use.
    """

    nodes: frozenset[int]
    start: bool
    tests: tuple[Test, ...]
    statement: ast.stmt | None


class _Search:
    """A name, the nodes found to bind it, and whether the source has any `:=` at all: looking for those is dear."""

    __slots__ = ("lines", "loops", "name", "nodes", "reset", "root", "walrus")

    def __init__(self, name: str, walrus: bool, lines: Sequence[int] | None = None) -> None:
        self.name = name
        self.walrus = walrus
        self.lines = lines
        self.nodes: set[int] = set()
        self.root = name.partition(".")[0] if "." in name else ""
        self.reset = False  # the name that an attribute hangs on was bound to something else
        self.loops = 0  # around the statement that is looked at, and not around the use


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def reaching(
    name: str, place: Place, body: Sequence[ast.stmt], walrus: bool = True, lines: Sequence[int] | None = None
) -> Reaching:
    """Return what reaches `place`; nodes by identity. `name` may be dotted: then only the tests matter.

    `walrus` false promises that there is no `:=` in the source; `lines`, that nothing binds the name elsewhere.
    """
    search = _Search(name, walrus, lines)
    tests: list[Test] = []
    steps = list(_steps(body, place))
    start = True
    for statement, block, index in reversed(steps):
        inside = _entering(search, statement, place, tests)
        if inside:
            start = False
            break
        certain = False
        for earlier in reversed(block[:index]):
            if _assigns(search, earlier):
                certain = True
                break
            tests += left_behind(earlier)
        if certain:
            start = False
            break
    return Reaching(frozenset(search.nodes), start or search.reset, tuple(tests), steps[-1][0] if steps else None)


def statement_at(body: Sequence[ast.stmt], place: Place) -> ast.stmt | None:
    """Return the innermost statement around a place."""
    steps = list(_steps(body, place))
    return steps[-1][0] if steps else None


def _steps(body: Sequence[ast.stmt], place: Place) -> Iterator[tuple[ast.stmt, Sequence[ast.stmt], int]]:
    block: Sequence[ast.stmt] | None = body
    while block is not None:
        inner = None
        for index, statement in enumerate(block):
            if holds(statement, place):
                yield statement, block, index
                if not isinstance(statement, _SCOPES):
                    inner = next((each for each in blocks(statement) if each and within(each, place)), None)
                break
        block = inner


def _entering(search: _Search, statement: ast.stmt, place: Place, tests: list[Test]) -> bool:
    """Account for being inside `statement`; True when its header certainly binds the name."""
    if isinstance(statement, ast.If):
        if _walrus(search, statement.test):
            return True
        if statement.body and within(statement.body, place):
            tests.append(Test(statement.test, True))
        elif statement.orelse and within(statement.orelse, place):
            tests.append(Test(statement.test, False))
    elif isinstance(statement, ast.While):
        if within(statement.body, place):
            tests.append(Test(statement.test, True))
        _may(search, statement.body)
        _walrus(search, statement.test)
    elif isinstance(statement, ast.For | ast.AsyncFor):
        if within(statement.body, place):
            if any(bound == search.name for bound, _ in targets(statement.target)):
                search.nodes.add(id(statement))
                return True
            _may(search, statement.body)
        elif statement.orelse and within(statement.orelse, place):
            _may(search, [statement])
    elif isinstance(statement, ast.With | ast.AsyncWith):
        for item in statement.items:
            if item.optional_vars is not None and is_before(item.context_expr, place):
                if any(bound == search.name for bound, _ in targets(item.optional_vars)):
                    search.nodes.add(id(statement))
                    return True
    elif isinstance(statement, Try):
        return _entering_try(search, statement, place)
    elif isinstance(statement, ast.Match):
        tests += of_cases(statement, place)
        for case in statement.cases:
            if within(case.body, place) and _pattern(search, case.pattern):
                return True
    return False


def _entering_try(search: _Search, statement: Try, place: Place) -> bool:
    if within(statement.body, place):
        return False
    for handler in statement.handlers:
        if within(handler.body, place):
            if handler.name == search.name:
                search.nodes.add(id(handler))
                return True
            _may(search, statement.body)
            return False
    if statement.orelse and within(statement.orelse, place):
        return any(_assigns(search, each) for each in reversed(statement.body))
    _may(search, [statement])
    return False


def _may(search: _Search, body: Iterable[ast.stmt]) -> None:
    search.loops += 1
    for statement in body:
        _assigns(search, statement)
    search.loops -= 1


def _round(search: _Search, body: Sequence[ast.stmt]) -> None:
    """Collect what a loop's body binds, on its way to `break` and `continue` too."""
    search.loops += 1
    _sequence(search, body)
    search.loops -= 1


def _sequence(search: _Search, block: Sequence[ast.stmt]) -> bool:
    """Collect what a block binds; True when every way to its end binds the name, or there is no way to its end."""
    if leaves(block):
        # A break or continue takes its bindings along, to what follows the loop or to its next round.
        if search.loops and not isinstance(block[-1], ast.Return | ast.Raise):
            _last(search, block)
        return True
    return _last(search, block)


def _last(search: _Search, block: Sequence[ast.stmt]) -> bool:
    return any(_assigns(search, statement) for statement in reversed(block))


def _assigns(search: _Search, statement: ast.stmt) -> bool:
    """Collect the nodes in `statement` that bind the name; True when it certainly does."""
    if search.lines is not None:
        first, last = statement.lineno, statement.end_lineno or statement.lineno
        if not any(first <= line <= last for line in search.lines):
            return False
    match statement:
        case ast.Assign():
            if any(_binds(search, target) for target in statement.targets):
                if not search.reset:
                    search.nodes.add(id(statement))
                return True
            return _walrus(search, statement.value)
        case ast.AnnAssign():
            if isinstance(statement.target, ast.Name) and statement.target.id == search.name:
                search.nodes.add(id(statement))
                return True
        case ast.AugAssign():
            if isinstance(statement.target, ast.Name) and statement.target.id == search.name:
                search.nodes.add(id(statement))
                return True
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            if statement.name == search.name:
                search.nodes.add(id(statement))
                return True
        case ast.Import() | ast.ImportFrom():
            if any((alias.asname or alias.name.partition(".")[0]) == search.name for alias in statement.names):
                search.nodes.add(id(statement))
                return True
        case ast.Delete():
            if any(bound == search.name for target in statement.targets for bound, _ in targets(target)):
                search.nodes.add(id(statement))
                return True
        case ast.Expr() | ast.Return() | ast.Assert() | ast.Raise():
            return any(_walrus(search, each) for each in own_expressions(statement))
        case ast.If():
            known = static_test(statement.test)
            if _walrus(search, statement.test):
                return True
            if known is not None:
                return _sequence(search, statement.body if known else statement.orelse)
            first = _sequence(search, statement.body)
            return _sequence(search, statement.orelse) and first
        case ast.For() | ast.AsyncFor():
            _walrus(search, statement.iter)
            _round(search, statement.body)
            if any(bound == search.name for bound, _ in targets(statement.target)):
                search.nodes.add(id(statement))
            _sequence(search, statement.orelse)
        case ast.While():
            _walrus(search, statement.test)
            _round(search, statement.body)
            return (
                isinstance(statement.test, ast.Constant)
                and bool(statement.test.value)
                and _last(_Search(search.name, search.walrus, search.lines), statement.body)
            )
        case ast.With() | ast.AsyncWith():
            if _sequence(search, statement.body):
                return True
            for item in statement.items:
                if item.optional_vars is not None and any(
                    bound == search.name for bound, _ in targets(item.optional_vars)
                ):
                    search.nodes.add(id(statement))
                    return True
        case ast.Match():
            for case in statement.cases:
                _pattern(search, case.pattern)
                _sequence(search, case.body)
        case _ if isinstance(statement, Try):
            return _assigns_try(search, statement)
    return False


def _binds(search: _Search, target: ast.expr) -> bool:
    if not search.root:
        return any(bound == search.name for bound, _ in targets(target))
    if any(bound == search.root for bound, _ in targets(target)):
        search.reset = True
        return True
    return any(bound == search.name for bound, _ in stored(target))


def _assigns_try(search: _Search, statement: Try) -> bool:
    if _last(search, statement.finalbody):
        return True
    body = _last(search, [*statement.body, *statement.orelse])
    _may(search, statement.body)
    ends = [_sequence(search, handler.body) for handler in statement.handlers]
    for handler in statement.handlers:
        if handler.name == search.name:
            search.nodes.add(id(handler))
    return body and all(ends)


def _walrus(search: _Search, expression: ast.expr) -> bool:
    if not search.walrus:
        return False
    hit = False
    for each in descendants(expression):
        if isinstance(each, ast.NamedExpr) and each.target.id == search.name:
            search.nodes.add(id(each))
            hit = True
    return hit


def _pattern(search: _Search, pattern: ast.AST) -> bool:
    hit = False
    for each in descendants(pattern):
        if search.name in (getattr(each, "name", None), getattr(each, "rest", None)):
            search.nodes.add(id(each))
            hit = True
    return hit
