"""The ways out of a function on which a resource that it has opened is still open."""

import ast
from collections.abc import Callable, Sequence
from typing import NamedTuple

from async_lint.inference.face import Try, suppresses
from async_lint.rules._cancellations.ways import Loop, Way, is_endless, is_irrefutable
from async_lint.rules._resources.course import Course


class Open(NamedTuple):
    """A way out with the resource open, and the statement that takes it.

    `error` is the statement whose failure led there, None where it takes none to get there.
    """

    way: Way
    node: ast.stmt
    error: ast.stmt | None = None


class Ways(NamedTuple):
    """The ways on of one resource; `is_broad` tells of a handler whether it catches every error."""

    course: Course
    is_broad: Callable[[ast.ExceptHandler], bool]

    def after(self, statement: ast.stmt, above: Sequence[ast.AST]) -> list[Open]:
        """Return the ways out of the function, the first of `above`, after `statement`, which stands below the last."""
        opens = [Open(Way.END, statement)]
        inner: ast.AST = statement
        for outer in reversed(above):
            opens = self._out_of(outer, inner, opens, statement)
            inner = outer
        return opens

    def ways(self, block: Sequence[ast.stmt], opens: Sequence[Open]) -> list[Open]:
        """Return the ways out of a block that the `END`s among `opens` lead into; the others lead out already."""
        left = [one for one in opens if one.way is not Way.END]
        ends = [one for one in opens if one.way is Way.END]
        for statement in block:
            if not ends:
                break
            error = _mark(ends)
            here = [one if one.error or not error else one._replace(error=error) for one in self._of(statement)]
            left += [one for one in here if one.way is not Way.END]
            ends = [one for one in here if one.way is Way.END]
        return [*left, *ends]

    def _of(self, statement: ast.stmt) -> list[Open]:
        if self.course.closes(statement):
            return []
        failing = [Open(Way.RAISE, statement, statement)] if self.course.asks(statement) else []
        match statement:
            case ast.Return():
                return [*failing, Open(Way.RETURN, statement)]
            case ast.Raise():
                return [*failing, Open(Way.RAISE, statement)]
            case ast.Break():
                return [Open(Way.BREAK, statement)]
            case ast.Continue():
                return [Open(Way.CONTINUE, statement)]
            case ast.If():
                return failing + self._branches(statement)
            case ast.For() | ast.AsyncFor() | ast.While():
                return failing + self._of_loop(statement)
            case ast.With() | ast.AsyncWith():
                return failing + _past(statement, self.ways(statement.body, [Open(Way.END, statement)]))
            case ast.Match(cases=cases):
                opens = [one for case in cases for one in self.ways(case.body, [Open(Way.END, statement)])]
                whole = any(is_irrefutable(case) for case in cases)
                return failing + (opens if whole else [*opens, Open(Way.END, statement)])
        if isinstance(statement, Try):
            body = self.ways(statement.body, [Open(Way.END, statement)])
            return self._of_try(statement, body, any(map(self.course.holds_closing, statement.body)))
        return [*failing, Open(Way.END, statement)]

    def _branches(self, statement: ast.If) -> list[Open]:
        outcome = self.course.outcome(statement.test)
        start = [Open(Way.END, statement)]
        taken = self.ways(statement.body, start) if outcome is not False else []
        if outcome is True:
            return taken
        return taken + self.ways(statement.orelse, start)

    def _of_loop(self, loop: Loop) -> list[Open]:
        inner = self.ways(loop.body, [Open(Way.END, loop)])
        opens = [one for one in inner if one.way in (Way.RETURN, Way.RAISE)]
        opens += [Open(Way.END, loop, one.error) for one in inner if one.way is Way.BREAK]
        # A loop over what comes in, or until it is done, ends because it was closed.
        if is_endless(loop) or any(map(self.course.holds_closing, loop.body)):
            return opens
        return opens + self.ways(loop.orelse, [Open(Way.END, loop)])

    def _of_try(self, statement: ast.Try, body: Sequence[Open], closes: bool) -> list[Open]:
        raised = [one for one in body if one.way is Way.RAISE]
        opens = [one for one in body if one.way is not Way.RAISE]
        if statement.orelse:
            opens = self.ways(statement.orelse, opens)
        # Where the body does not close it, whatever fails in it, it is open in the handlers.
        entered = raised if closes else [Open(Way.RAISE, statement)]
        for handler in statement.handlers if entered else ():
            mark = _mark(entered)
            ways = self.ways(handler.body, [Open(Way.END, statement, mark)])
            # What fails in a clean-up, after what has failed already, is nobody's case.
            opens += [one for one in ways if one.error is mark]
        # Where a handler closes it, its author has chosen for which errors.
        if not any(self.is_broad(handler) or self.course.holds_closing(handler) for handler in statement.handlers):
            opens += raised
        return self._finally(statement, opens)

    def _finally(self, statement: ast.Try, opens: Sequence[Open]) -> list[Open]:
        if not statement.finalbody:
            return list(opens)
        last = [one for one in self.ways(statement.finalbody, [Open(Way.END, statement)]) if one.error is None]
        leaving = [one for one in last if one.way is not Way.END]
        return leaving if len(last) == len(leaving) else [*opens, *leaving]

    def _out_of(self, outer: ast.AST, inner: ast.AST, opens: list[Open], opening: ast.stmt) -> list[Open]:
        """Return the ways out of `outer`, when `inner`, which stands right in it, is left by `opens`."""
        block, index = _block(outer, inner)
        opens = self.ways(block[index + 1 :], opens) if block else opens
        if isinstance(outer, Loop) and block is outer.body:
            return self._out_of_loop(outer, index, opens, opening)
        if isinstance(outer, ast.With | ast.AsyncWith):
            return _past(outer, opens)
        if isinstance(outer, Try) and block is not outer.finalbody:
            return self._of_try(outer, opens, True) if block is outer.body else self._finally(outer, opens)
        return opens

    def _out_of_loop(self, loop: Loop, index: int, opens: Sequence[Open], opening: ast.stmt) -> list[Open]:
        left = [one for one in opens if one.way in (Way.RETURN, Way.RAISE)]
        left += [Open(Way.END, loop, one.error) for one in opens if one.way is Way.BREAK]
        again = [one for one in opens if one.way in (Way.END, Way.CONTINUE)]
        if again and loop.body[index] is opening and self.ways(loop.body[:index], [Open(Way.END, loop)]):
            # The next turn gives the name to another one.
            left.append(Open(Way.CONTINUE, opening, _mark(again)))
        elif again and not is_endless(loop):
            left += self.ways(loop.orelse, [Open(Way.END, loop, _mark(again))])
        return left


def _past(statement: ast.With | ast.AsyncWith, opens: Sequence[Open]) -> list[Open]:
    """Return the ways on from a `with`: what it keeps back goes on behind it."""
    if not any(suppresses(item.context_expr) for item in statement.items):
        return list(opens)
    return [Open(Way.END, statement, one.error or one.node) if one.way is Way.RAISE else one for one in opens]


def _mark(ways: Sequence[Open]) -> ast.stmt | None:
    """Return the failure that it takes to get somewhere, None where there is a way without one."""
    return None if any(one.error is None for one in ways) else next((one.error for one in ways), None)


def _block(outer: ast.AST, inner: ast.AST) -> tuple[list[ast.stmt], int]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(outer, name, None)
        if isinstance(block, list):
            for index, statement in enumerate(block):
                if statement is inner:
                    return block, index
    return [], 0
