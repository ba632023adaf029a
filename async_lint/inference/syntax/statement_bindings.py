"""What a statement, or a block of them, binds a name to once it has run: surely, perhaps, or not at all."""

import ast
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from async_lint.inference.syntax.binding import Try
from async_lint.inference.syntax.control import leaves
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.syntax.static_tests import static_test
from async_lint.inference.syntax.targets import own_expressions, stored, targets


class Wanted(NamedTuple):
    """What is looked for. `root` is the `a` of `a.b`; `walrus` and `lines` as `reaching` has them."""

    name: str
    root: str
    walrus: bool
    lines: Sequence[int] | None

    def is_in(self, target: ast.expr) -> bool:
        return any(bound == self.name for bound, _ in targets(target))


class Bound(NamedTuple):
    """What code does to the name: the nodes in it that bind it, and whether it certainly does.

    `reset` says that what an attribute hangs on was bound to something else: what is set before that is of no account.
    """

    nodes: tuple[int, ...] = ()
    certain: bool = False
    reset: bool = False

    def after(self, earlier: "Bound", certain: bool = False) -> "Bound":
        """Return this together with what ran before it, or beside it; `certain` is for the caller to know."""
        nodes = self.nodes if self.reset else self.nodes + earlier.nodes
        return Bound(nodes, certain, self.reset or earlier.reset)


NOT_AT_ALL = Bound()


def any_of(wanted: Wanted, body: Iterable[ast.stmt]) -> Bound:
    """Return what a body may have bound that was left anywhere, as a loop's or that of a `try`; nothing is certain."""
    so_far = NOT_AT_ALL
    for statement in body:
        so_far = so_far.after(bound_by(wanted, statement, True))
    return so_far


def _block(wanted: Wanted, block: Sequence[ast.stmt], in_loop: bool) -> Bound:
    """Return what a block binds; certain when every way to its end does, or there is no way to its end."""
    if not leaves(block):
        return backwards(wanted, block, in_loop)
    # A break or continue takes its bindings along, to what follows the loop or to its next round.
    if in_loop and not isinstance(block[-1], ast.Return | ast.Raise):
        return backwards(wanted, block, in_loop)._replace(certain=True)
    return Bound(certain=True)


def backwards(wanted: Wanted, block: Sequence[ast.stmt], in_loop: bool) -> Bound:
    so_far = NOT_AT_ALL
    for statement in reversed(block):
        bound = bound_by(wanted, statement, in_loop)
        so_far = so_far.after(bound, bound.certain)
        if so_far.certain:
            break
    return so_far


def bound_by(wanted: Wanted, statement: ast.stmt, in_loop: bool) -> Bound:
    """Return what running a statement binds. `in_loop`: in one that is around it, and not around the use."""
    if wanted.lines is not None:
        first, last = statement.lineno, statement.end_lineno or statement.lineno
        if not any(first <= line <= last for line in wanted.lines):
            return NOT_AT_ALL
    here = Bound((id(statement),), True)
    match statement:
        case ast.Assign():
            for target in statement.targets:
                if wanted.root and any(bound == wanted.root for bound, _ in targets(target)):
                    return Bound(certain=True, reset=True)
                if wanted.is_in(target) or (wanted.root and any(name == wanted.name for name, _ in stored(target))):
                    return here
            return bound_in(wanted, statement.value)
        case ast.AnnAssign() | ast.AugAssign():
            if isinstance(statement.target, ast.Name) and statement.target.id == wanted.name:
                return here
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            if statement.name == wanted.name:
                return here
        case ast.Import() | ast.ImportFrom():
            if any((alias.asname or alias.name.partition(".")[0]) == wanted.name for alias in statement.names):
                return here
        # Nothing that was bound before it reaches what is behind it.
        case ast.Delete():
            if any(wanted.is_in(target) for target in statement.targets):
                return here
        case ast.Expr() | ast.Return() | ast.Assert() | ast.Raise():
            so_far = NOT_AT_ALL
            for expression in own_expressions(statement):
                inside = bound_in(wanted, expression)
                so_far = so_far.after(inside, inside.certain)
                if so_far.certain:
                    break
            return so_far
        case _:
            return _bound_by_compound(wanted, statement, in_loop)
    return NOT_AT_ALL


def _bound_by_compound(wanted: Wanted, statement: ast.stmt, in_loop: bool) -> Bound:
    match statement:
        case ast.If():
            test = bound_in(wanted, statement.test)
            if test.certain:
                return test
            known = static_test(statement.test)
            if known is not None:
                return _block(wanted, statement.body if known else statement.orelse, in_loop)
            first = _block(wanted, statement.body, in_loop)
            second = _block(wanted, statement.orelse, in_loop)
            return first.after(second, first.certain and second.certain)
        case ast.For() | ast.AsyncFor():
            so_far = bound_in(wanted, statement.iter).after(_block(wanted, statement.body, True))
            if wanted.is_in(statement.target):
                so_far = so_far.after(Bound((id(statement),)))
            return so_far.after(_block(wanted, statement.orelse, in_loop))
        case ast.While():
            endless = isinstance(statement.test, ast.Constant) and bool(statement.test.value)
            certain = endless and backwards(wanted, statement.body, False).certain
            return bound_in(wanted, statement.test).after(_block(wanted, statement.body, True), certain)
        case ast.With() | ast.AsyncWith():
            body = _block(wanted, statement.body, in_loop)
            entered = [item.optional_vars for item in statement.items if item.optional_vars is not None]
            if not body.certain and any(wanted.is_in(target) for target in entered):
                return body.after(Bound((id(statement),)), True)
            return body
        case ast.Match():
            so_far = NOT_AT_ALL
            for case in statement.cases:
                so_far = so_far.after(bound_in_pattern(wanted, case.pattern)).after(_block(wanted, case.body, in_loop))
            return so_far
        case _ if isinstance(statement, Try):
            return _bound_by_try(wanted, statement, in_loop)
    return NOT_AT_ALL


def _bound_by_try(wanted: Wanted, statement: Try, in_loop: bool) -> Bound:
    last = backwards(wanted, statement.finalbody, in_loop)
    if last.certain:
        return last
    body = backwards(wanted, [*statement.body, *statement.orelse], in_loop)
    so_far = last.after(body).after(any_of(wanted, statement.body))
    certain = body.certain
    for handler in statement.handlers:
        handled = _block(wanted, handler.body, in_loop)
        so_far = so_far.after(handled)
        certain = certain and handled.certain
    named = tuple(id(clause) for clause in statement.handlers if clause.name == wanted.name)
    return so_far.after(Bound(named), certain)


def bound_in(wanted: Wanted, expression: ast.expr) -> Bound:
    if not wanted.walrus:
        return NOT_AT_ALL
    walruses = [
        id(node)
        for node in descendants(expression)
        if isinstance(node, ast.NamedExpr) and node.target.id == wanted.name
    ]
    return Bound(tuple(walruses), True) if walruses else NOT_AT_ALL


def bound_in_pattern(wanted: Wanted, pattern: ast.AST) -> Bound:
    captures = [
        id(node)
        for node in descendants(pattern)
        if wanted.name in (getattr(node, "name", None), getattr(node, "rest", None))
    ]
    return Bound(tuple(captures), True) if captures else NOT_AT_ALL
