"""What code changes that others see: the questions of `view.effects`."""

import ast
from collections.abc import Sequence

from async_lint.inference.effects.effect import Effect
from async_lint.inference.effects.effects import Effects
from async_lint.inference.independence.independence import Independence
from async_lint.inference.independence.iteration import Loop
from async_lint.inference.independence.resources import TakesLong
from async_lint.inference.independence.runs import Run
from async_lint.inference.independence.verdict import Verdict
from async_lint.inference.questions.asking import Asking
from async_lint.inference.types.values import Frame


class EffectQuestions:
    """Asked of loops and of callees."""

    def __init__(self, asking: Asking, effects: Effects, takes_long: TakesLong) -> None:
        self._asking = asking
        self._effects = effects
        self._independence = Independence(asking.anew, effects, takes_long)

    def forget(self) -> None:
        self._independence.forget()

    def iterations(self, loop: Loop, frame: Frame, in_tests: bool = False) -> Verdict:
        """Return whether the iterations of a loop need one another; of tests only if asked `in_tests`."""
        return self._independence.of_loop(loop, frame, in_tests)

    def runs(self, block: Sequence[ast.stmt], frame: Frame, in_tests: bool = False) -> tuple[Run, ...]:
        """Return statements in a row that each await something, and whether they need one another."""
        return self._independence.of_block(block, frame, in_tests)

    def of_callee(self, callee: ast.expr, frame: Frame) -> Effect:
        """Return what calling a function of the project does, whatever it is given."""
        return self._effects.of_callee(self._asking.anew().evaluate(callee, frame))
