"""What reading a body is to the files that read one kind of statement each: where they report what they see.

A visitor gets the reader and the node. What it finds goes back through the reader: `writes` and `unknown` end the
reading, `waited` and `shown` note what the run waits for, `visit` reads what is inside.
"""

import ast
from collections.abc import Mapping
from typing import NoReturn, Protocol

from async_lint.inference.effects.effect import Effect
from async_lint.inference.effects.library_effects import LibraryEffects
from async_lint.inference.effects.ownership import Held, Owner, Run
from async_lint.inference.questions.asking import Asking
from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax.binding import Function
from async_lint.inference.types.values import Frame, Type


class Follower(Protocol):
    """Whoever knows what calling a function of the project does."""

    asking: Asking
    evaluator: Evaluator
    library_effects: LibraryEffects
    heirs: Subclasses

    def follow(
        self,
        function: Function,
        parent: Frame | None,
        given: Mapping[str, Held],
        known: Mapping[str, Type],
        depth: int,
    ) -> Effect: ...


class Reader(Protocol):
    """A body that is being read. `depth` is 0 for the body that was asked about, 1 for what it calls."""

    effects: Follower
    run: Run
    depth: int

    def visit(self, node: ast.AST, frame: Frame) -> None: ...

    def evaluate(self, node: ast.expr, frame: Frame) -> Type: ...

    def owner(self, node: ast.expr, frame: Frame) -> Owner: ...

    def waited(self, what: str) -> None: ...

    def shown(self, ground: str) -> None: ...

    def writes(self, what: str, node: ast.AST, frame: Frame) -> NoReturn: ...

    def unknown(self, what: str, node: ast.AST, frame: Frame) -> NoReturn: ...

    def store(self, target: ast.expr, frame: Frame) -> None: ...
