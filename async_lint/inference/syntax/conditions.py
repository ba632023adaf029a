"""Conditions: which ones hold where a use stands, and the parts of them that each hold."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from async_lint.inference.syntax.control import Place, holds, is_before, leaves, within
from async_lint.inference.syntax.nodes import children
from async_lint.inference.syntax.targets import own_expressions


class Test(NamedTuple):
    """A condition that held (or did not) on every way to the use."""

    node: ast.expr
    held: bool


def inside(statement: ast.stmt | None, place: Place) -> Iterator[Test]:
    """Yield what holds at `place` within one statement: `x and place`, `place if x else y`; the nearest test last."""
    waiting: list[ast.AST] = [] if statement is None else list(own_expressions(statement))
    while waiting:
        node = waiting.pop()
        if not hasattr(node, "lineno"):  # the `for` of a comprehension
            waiting += children(node)
        elif holds(node, place):
            if isinstance(node, ast.BoolOp):
                for value in node.values:
                    if holds(value, place):
                        break
                    if is_before(value, place):
                        yield Test(value, isinstance(node.op, ast.And))
            elif isinstance(node, ast.IfExp) and not holds(node.test, place):
                yield Test(node.test, holds(node.body, place))
            waiting = children(node)


def of_cases(statement: ast.Match, place: Place) -> list[Test]:
    """Return what the patterns say of the subject, as tests by `isinstance`."""
    tests: list[Test] = []
    for case in statement.cases:
        test = _class_test(statement.subject, case.pattern)
        if within(case.body, place):
            return [Test(test, True), *tests] if test is not None else tests
        # `case Point(x=0)` may fail for a point: behind it, the subject may still be one.
        whole = isinstance(case.pattern, ast.MatchClass) and not case.pattern.patterns and not case.pattern.kwd_patterns
        if test is not None and whole and case.guard is None:
            tests.append(Test(test, False))
    return []


def _class_test(subject: ast.expr, pattern: ast.pattern) -> ast.expr | None:
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
        pattern = pattern.pattern
    patterns = pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]
    classes = [alternative.cls for alternative in patterns if isinstance(alternative, ast.MatchClass)]
    if len(classes) < len(patterns):
        return None
    # Names are looked up at a place: that of the subject.
    call = ast.Call(ast.Name("isinstance", ast.Load()), [subject, ast.Tuple(classes, ast.Load())], [])
    return ast.fix_missing_locations(ast.copy_location(call, subject))


def left_behind(statement: ast.stmt) -> Iterator[Test]:
    """Yield what must hold behind a statement: the other side of a branch that leaves, an assertion."""
    if isinstance(statement, ast.If):
        if leaves(statement.body):
            yield Test(statement.test, False)
        elif statement.orelse and leaves(statement.orelse):
            yield Test(statement.test, True)
    elif isinstance(statement, ast.Assert):
        yield Test(statement.test, True)


def facts(test: Test) -> Iterator[Test]:
    """Split a condition into those that each hold: `a and b` held, `a or b` failed, `not a`."""
    node, held = test
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from facts(Test(node.operand, not held))
    elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) == held:
        for value in node.values:
            yield from facts(Test(value, held))
    else:
        yield test
