"""Which exceptions are meant: the questions of `view.exceptions`."""

import ast

from async_lint.inference.answers import never_returning, raised_exceptions
from async_lint.inference.answers.fixed_values import Values, fixed_values
from async_lint.inference.answers.kept_arguments import kept_arguments
from async_lint.inference.answers.raised_exceptions import Lineage, Raised
from async_lint.inference.questions.asking import Asking
from async_lint.inference.types.values import Frame


class ExceptionQuestions:
    """Asked of what stands after `raise` and after `except`, and of calls that only raise."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def raised(self, expression: ast.expr, frame: Frame) -> tuple[Raised, ...]:
        """Return the new exceptions that `raise expression` may raise; empty unless it is sure to raise a new one."""
        return raised_exceptions.raised(self._asking.anew(), expression, frame)

    def classes_of(self, expression: ast.expr, frame: Frame) -> tuple[Lineage, ...]:
        """Return the classes that an expression denotes, alone or in a tuple; empty unless all of them are known."""
        return raised_exceptions.denoted(self._asking.anew(), expression, frame)

    def fixed_values(
        self, expression: ast.expr, frame: Frame, attributes: frozenset[str]
    ) -> tuple[tuple[Values, ...], ...]:
        """Return what an exception's class, or each of several, and its bases fix (see `fixed_values`)."""
        return fixed_values(self._asking.anew(), expression, frame, attributes)

    def kept_arguments(self, call: ast.Call, frame: Frame) -> tuple[ast.expr, ...]:
        """Return the arguments that the new exception keeps in attributes, as they are."""
        return kept_arguments(self._asking.anew(), call, frame)

    def never_returns(self, callee: ast.expr, frame: Frame, awaited: bool) -> bool:
        """Whether a call of `callee`, or where `awaited` the `await` of one, is sure to raise or to go on forever."""
        evaluator = self._asking.anew()
        return never_returning.never_returns(evaluator, evaluator.evaluate(callee, frame), awaited)
