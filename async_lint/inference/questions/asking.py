"""The one place where a question begins."""

from async_lint.inference.questions.evaluator import Evaluator


class Asking:
    """Hands the evaluator out, so that what one question used up the next one does not lack.

    Who holds the evaluator already, such as `Forwarding`, is asked after `anew` as well.
    """

    __slots__ = ("evaluator",)

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def anew(self) -> Evaluator:
        """Return the evaluator, with the budget of a new question."""
        self.evaluator.reset_budget()
        return self.evaluator
