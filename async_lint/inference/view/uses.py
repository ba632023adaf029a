"""Whether a value fits where it is put: the questions of `view.uses`."""

import ast
import re

from async_lint.inference.callables import argument_usage, declared
from async_lint.inference.callables.argument_usage import ArgumentUse
from async_lint.inference.callables.declared import Declared
from async_lint.inference.callables.forwarding import Forward, Forwarding
from async_lint.inference.proofs.missing_protocol import Lack, MissingProtocols
from async_lint.inference.questions.asking import Asking
from async_lint.inference.questions.evaluator import Subclasses
from async_lint.inference.types.values import Frame


class UseQuestions:
    """Asked of arguments, of targets, of tests, and of what is awaited or entered."""

    def __init__(self, asking: Asking, heirs: Subclasses, forwarding: Forwarding, missing: MissingProtocols) -> None:
        self._asking = asking
        self._heirs = heirs
        self._forwarding = forwarding
        self._missing = missing
        self._forwards: dict[ast.Call, tuple[Forward, ...]] = {}

    def forget(self) -> None:
        self._forwards.clear()

    def forwards(self, call: ast.Call, frame: Frame, mentions: re.Pattern[str]) -> tuple[Forward, ...]:
        """Return the asynchronous callables that a call gives to a function that only hands them on, or calls them.

        Those functions are looked into whose text has the pattern, which is the same for every question, or a call of
        the parameter.
        """
        known = self._forwards.get(call)
        if known is None:
            self._asking.anew()
            known = self._forwards[call] = tuple(self._forwarding.of(call, frame, mentions))
        return known

    def parameter_declared(self, call: ast.Call, argument: ast.expr, frame: Frame) -> Declared | None:
        """Return what the parameter that an argument is for is declared, when a coroutine can be no such thing."""
        return declared.of_parameter(self._asking.anew(), call, argument, frame)

    def argument_used(self, call: ast.Call, argument: ast.expr, frame: Frame) -> ArgumentUse | None:
        """Return what a function of the project does with an argument that a coroutine could not bear."""
        return argument_usage.of_argument(self._asking.anew(), self._heirs, call, argument, frame)

    def target_declared(self, target: ast.expr, annotation: ast.expr | None, frame: Frame) -> Declared | None:
        """Return what an attribute or an annotated variable is declared, when a coroutine can be no such thing."""
        evaluator = self._asking.anew()
        if annotation is not None:
            return declared.of_annotation(evaluator, ast.unparse(target), annotation, frame)
        return declared.of_target(evaluator, target, frame)

    def yield_declared(self, frame: Frame) -> Declared | None:
        """Return what the generator around is declared to give, when a coroutine can be no such thing."""
        return declared.of_yield(self._asking.anew(), frame)

    def rules_out(self, classes: ast.expr, frame: Frame) -> bool:
        """Whether nothing that `isinstance` finds to be one of these classes is a coroutine."""
        return declared.rules_out(self._asking.anew(), classes, frame)

    def promises_awaitable(self, frame: Frame) -> bool:
        """Whether the function that a frame belongs to is annotated to return an awaitable."""
        scope = frame.enclosing_function()
        if scope is None or scope.function is None:
            return False
        return declared.promises_awaitable(self._asking.anew(), scope.function)

    def lacking(self, expression: ast.expr, frame: Frame, method: str) -> Lack | None:
        """Return what shows that a value lacks a special method such as `__await__`; None where nothing does."""
        self._asking.anew()
        return self._missing.of(expression, frame, method)
