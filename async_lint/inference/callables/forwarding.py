"""A callable that a function of the project is given: what if it does nothing with it but hand it on, or call it?"""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from async_lint.inference.callables.callable_usage import CallableUsage, CallableUse
from async_lint.inference.effects.interprocedural import is_followed
from async_lint.inference.names.aliases import bindings, last_word
from async_lint.inference.project.name_prefilter import NamePrefilter
from async_lint.inference.questions.arguments import assigned, of_call
from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax.binding import MANY, Function, How, last_name
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import ClassType, Frame, FunctionType, Instance, OverloadedType, Type

_CARRYING = frozenset({ast.Name, ast.Attribute, ast.Lambda, ast.Call})
_DEPTH = 3  # of local names for local names


class Forward(NamedTuple):
    """`wrapper` does nothing with `given`, an argument of a call, but give it to `hands`, or call it in them."""

    given: ast.expr
    wrapper: Function
    hands: tuple[CallableUse, ...]


class Forwarding:
    """Looks into the functions of one project."""

    def __init__(self, evaluator: Evaluator, heirs: Subclasses, prefilter: NamePrefilter) -> None:
        self._evaluator = evaluator
        self._heirs = heirs
        self._prefilter = prefilter
        # Parameters that are not only handed on, by function: most are not.
        self._kept: set[tuple[str, str, int, str]] = set()

    def of(self, call: ast.Call, frame: Frame, mentions: re.Pattern[str]) -> Iterator[Forward]:
        """Yield the callables among the arguments of a call that the callee does nothing with but hand on, or call.

        Only those that a glance finds to be asynchronous, and only where the callee's text has the pattern, or a call
        of the parameter.
        """
        given = [
            argument
            for argument in _arguments(call)
            if type(argument) in _CARRYING and self._may_be_asynchronous(argument, frame, _DEPTH)
        ]
        if not given or not self._prefilter.is_defined(last_word(call.func, frame), frame.module):
            return
        callee = self._callee(self._evaluator.evaluate(call.func, frame))
        if callee is None:
            return
        function = callee.function
        text = function.module.lines(function.node.lineno, function.last_line)
        hands_on = mentions.search(text) is not None
        plain = function.node.args
        parameters = assigned(plain, of_call(call, frame), 0 if callee.bound is None else 1) or {}
        for parameter, value in parameters.items():
            if parameter in (plain.vararg, plain.kwarg) or not any(value is argument for argument in given):
                continue
            if not hands_on and f"{parameter.arg}(" not in text:
                continue
            key = (function.module.path, function.qualname, function.node.lineno, parameter.arg)
            hands = () if key in self._kept else CallableUsage(self._evaluator, callee).hands(parameter.arg)
            if not hands:
                self._kept.add(key)
            # Last of all, for who looks for subclasses reads files.
            elif self._is_final(callee, call):
                assert isinstance(value, ast.expr)
                yield Forward(value, function, hands)

    def _may_be_asynchronous(self, node: ast.expr, frame: Frame, depth: int) -> bool:
        match node:
            case ast.Name(id=name):
                if self._prefilter.names_coroutine_function(name, frame.module):
                    return True
                ways = bindings(name, frame)[:MANY] if depth else ()
                return any(
                    binding.value is not None and self._may_be_asynchronous(binding.value, frame, depth - 1)
                    if binding.how is How.ASSIGN
                    else binding.how is How.IMPORT_FROM
                    and self._prefilter.names_coroutine_function(binding.name, frame.module)
                    for binding in ways
                )
            case ast.Attribute(attr=name):
                return self._prefilter.names_coroutine_function(name, frame.module)
            case ast.Lambda(body=body):
                called = (part.func for part in descendants(body) if isinstance(part, ast.Call))
                return any(
                    self._prefilter.names_coroutine_function(last_name(callee), frame.module) for callee in called
                )
            case ast.Call(args=[first, *_]) if last_name(node.func) == "partial":
                return self._may_be_asynchronous(first, frame, depth)
        return False

    def _callee(self, callee: Type) -> FunctionType | None:
        """Return the function of the project whose body a call runs."""
        match callee:
            case OverloadedType(implementation=FunctionType() as inner):
                return self._callee(inner)
            case ClassType(cls) if not self._evaluator.defines(cls, "__new__"):
                made = self._evaluator.class_member(cls, "__init__")
                return self._callee(replace(made, bound=Instance(cls))) if isinstance(made, FunctionType) else None
            case FunctionType(function) if is_followed(function.module) and not function.is_generator:
                return callee
        return None

    def _is_final(self, callee: FunctionType, call: ast.Call) -> bool:
        """Whether no subclass in the project puts another method in the place of this one."""
        cls = callee.bound.cls if isinstance(callee.bound, Instance | ClassType) else None
        # `Worker()` makes a Worker, so that no subclass's `__init__` runs.
        if cls is None or (callee.function.name == "__init__" and last_name(call.func) == cls.name):
            return True
        heirs = self._heirs.of(cls)
        return heirs is not None and not any(callee.function.name in heir.table for heir in heirs)


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg is not None)]
