"""What single statements do to one resource: which closes it, which may fail for it, what a test of it comes to."""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from async_lint.inference.face import children
from async_lint.rules._resources.held import condition

_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
_STATES = frozenset({"closed", "is_closed", "is_closing", "is_connected"})


class Course(NamedTuple):
    """What a function does with one resource: the nodes that close it, and those that ask something of it.

    `held` are the conditions that hold while it is open.
    """

    name: str
    closings: frozenset[int]
    asked: frozenset[int]
    held: Mapping[str, bool]

    def closes(self, statement: ast.stmt) -> bool:
        """Whether the resource is closed, or its name given to something else, on every way past a statement."""
        if id(statement) in self.closings or any(self._holds(self.closings, part) for part in _own(statement)):
            return True
        if isinstance(statement, ast.If) and self._is_for_the_owner(statement):
            return True
        return any(
            isinstance(node, ast.Name) and self._rebinds(node) for part in _own(statement) for node in _within(part)
        )

    def _rebinds(self, node: ast.Name) -> bool:
        # Where nothing closes it, to let go of it is the defect.
        return bool(self.closings) and node.id == self.name and not isinstance(node.ctx, ast.Load)

    def _is_for_the_owner(self, statement: ast.If) -> bool:
        """Whether a flag, or the resource itself, says whether it is to be closed: `if owns_session:`."""
        branch = statement.body if any(map(self.holds_closing, statement.body)) else statement.orelse
        if not any(map(self.holds_closing, branch)) or self.outcome(statement.test) is not None:
            return False
        asked = statement.test.operand if isinstance(statement.test, ast.UnaryOp) else statement.test
        nodes = list(_within(asked))
        own = any(isinstance(node, ast.Name) and node.id == self.name for node in nodes)
        # An answer that was waited for says nothing of who is to close it.
        own = own and not any(isinstance(node, ast.Await) for node in nodes)
        flag = isinstance(asked, ast.Name | ast.Attribute) and not isinstance(branch[-1], ast.Return | ast.Raise)
        return own or flag

    def outcome(self, test: ast.expr) -> bool | None:
        """Return how a test comes out while the resource is open; None where nothing tells."""
        text, said = condition(test)
        if text in self.held:
            return self.held[text] is said
        match test:
            case ast.Name(id=name) if name == self.name:
                return True
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.outcome(operand)
                return None if inner is None else not inner
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
                return False if name == self.name else None
            case ast.Compare(left=ast.Name(id=name), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
                return True if name == self.name else None
            case ast.BoolOp(op=ast.And(), values=values):
                outcomes = {self.outcome(value) for value in values}
                return False if False in outcomes else True if outcomes == {True} else None
            case ast.BoolOp(op=ast.Or(), values=values):
                outcomes = {self.outcome(value) for value in values}
                return True if True in outcomes else False if outcomes == {False} else None
            case ast.Call(func=ast.Attribute() as asked, args=[]) | (ast.Attribute() as asked):
                own = isinstance(asked.value, ast.Name) and asked.value.id == self.name
                return asked.attr == "is_connected" if own and asked.attr in _STATES else None
        return None

    def asks(self, statement: ast.stmt) -> bool:
        own = list(_own(statement))
        waits = isinstance(statement, ast.AsyncWith | ast.AsyncFor) or any(
            isinstance(node, ast.Await) for part in own for node in _within(part)
        )
        return waits and any(self._holds(self.asked, part) for part in own)

    def holds_closing(self, node: ast.AST) -> bool:
        return self._holds(self.closings, node)

    def _holds(self, sought: frozenset[int], node: ast.AST) -> bool:
        return any(id(part) in sought for part in _within(node))


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield what is right below a statement, without the blocks of a compound one."""
    if not isinstance(statement, _SCOPES):
        yield from (
            child
            for child in children(statement)
            if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        )


def _within(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, _SCOPES):
        for child in children(node):
            yield from _within(child)
