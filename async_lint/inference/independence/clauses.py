"""What is said of a function, as clauses: of each kind, the first that was come to."""

import ast

from async_lint.inference.syntax.binding import Function
from async_lint.inference.syntax.notes import cited


class Clauses:
    """Clauses of the kinds that several things in a function may lead to; what they mean, `Scan` says."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self.veto = self.turns = self.first_hand = self.shares = ""

    def of(self, what: str, node: ast.AST) -> str:
        """Return a clause that says what the function does, and where."""
        place = cited(self._function.module.path, getattr(node, "lineno", 0))
        return f"`{self._function.qualname}` {what} ({place})"

    def object(self, what: str, node: ast.AST) -> None:
        self.veto = self.veto or self.of(what, node)

    def turn(self, what: str, node: ast.AST) -> None:
        self.turns = self.turns or self.of(what, node)

    def at_first_hand(self, what: str, node: ast.AST) -> None:
        self.first_hand = self.first_hand or self.of(what, node)

    def share(self, what: str, node: ast.AST) -> None:
        self.shares = self.shares or self.of(what, node)
