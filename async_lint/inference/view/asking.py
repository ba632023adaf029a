"""The one place where a question from outside begins."""

from async_lint.inference.evaluator.evaluator import ExpressionEvaluator


class Asking:
    """Hands the evaluator out, so that what one question used up the next one does not lack.

    Who holds the evaluator already, such as `Forwarding`, is asked after `anew` as well.
    """

    __slots__ = ("_evaluator",)

    def __init__(self, evaluator: ExpressionEvaluator) -> None:
        self._evaluator = evaluator

    def anew(self) -> ExpressionEvaluator:
        """Return the evaluator, with the budget of a new question."""
        self._evaluator.reset_budget()
        return self._evaluator
