"""Which exceptions are meant: the questions of `view.exceptions`."""

import ast

from async_lint.inference.answers import raised_exceptions
from async_lint.inference.answers.raised_exceptions import Lineage, Raised
from async_lint.inference.types.values import Frame
from async_lint.inference.view.asking import Asking


class ExceptionQuestions:
    """Asked of what stands after `raise` and after `except`."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def raised(self, expression: ast.expr, frame: Frame) -> tuple[Raised, ...]:
        """Return the new exceptions that `raise expression` may raise; empty unless it is sure to raise a new one."""
        return raised_exceptions.raised(self._asking.anew(), expression, frame)

    def classes_of(self, expression: ast.expr, frame: Frame) -> tuple[Lineage, ...]:
        """Return the classes that an expression denotes, alone or in a tuple; empty unless all of them are known."""
        return raised_exceptions.denoted(self._asking.anew(), expression, frame)
