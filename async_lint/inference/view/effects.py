"""What code changes that others see: the questions of `view.effects`."""

import ast
from collections.abc import Collection

from async_lint.inference.effects.effect import Effect, Loop
from async_lint.inference.effects.effects import Effects
from async_lint.inference.types.values import Frame
from async_lint.inference.view.asking import Asking


class EffectQuestions:
    """Asked of loops and of callees."""

    def __init__(self, asking: Asking, effects: Effects) -> None:
        self._asking = asking
        self._effects = effects

    def of_loop(self, loop: Loop, frame: Frame, collections: Collection[str] = ()) -> Effect:
        """Return what one iteration of a loop does to what all share; `collections` are names that it may add to."""
        # Each node in there is a question of its own.
        return self._effects.of_loop(loop, frame, collections)

    def of_callee(self, callee: ast.expr, frame: Frame) -> Effect:
        """Return what calling a function of the project does, whatever it is given."""
        return self._effects.of_callee(self._asking.anew().evaluate(callee, frame))
