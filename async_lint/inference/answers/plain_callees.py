"""Callees that give nothing to await whatever they are given: their definition says so, no argument is looked at."""

import ast

from async_lint.inference.answers.answer_builder import answer
from async_lint.inference.calls.construction import is_of_another_version
from async_lint.inference.calls.overloads import is_pipeline
from async_lint.inference.calls.special_forms import is_special
from async_lint.inference.kinds.kinds import kind
from async_lint.inference.questions.arguments import of_call
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.answer import Answer, Kind
from async_lint.inference.types.unions import options
from async_lint.inference.types.values import (
    NONE,
    ClassType,
    Frame,
    FunctionType,
    Instance,
    Literal,
    NoneType,
    OverloadedType,
    TupleType,
    Type,
)


class PlainCallees:
    """Answers for one run, by definition."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._known: Memo[Function | Class, Answer | None] = Memo()

    def answer(self, callee: Type, call: ast.Call, frame: Frame) -> Answer | None:
        """Return what is known of a call that gives a value for certain; None where its arguments may matter."""
        match callee:
            case FunctionType(function, bound):
                if function.module.is_library:
                    # In a redis pipeline, a call is queued and gives the pipeline, whatever its stub says.
                    if is_pipeline(self._evaluator, bound) or is_of_another_version(callee, of_call(call, frame)):
                        return None
                return self._of(function, callee)
            case OverloadedType(items, None):
                answers = [self.answer(overload, call, frame) for overload in items]
                return None if None in answers else answers[0]
            case ClassType(cls) if not cls.module.is_library:
                return self._of(cls, callee)
        return None

    def _of(self, definition: Function | Class, callee: Type) -> Answer | None:
        def work() -> Answer | None:
            return answer(self._evaluator, callee, NONE) if self._gives_value(definition) else None

        return NOTES.kept(self._known, definition, work)

    def _gives_value(self, definition: Function | Class) -> bool:
        if isinstance(definition, Class):
            # A `__new__` may give something else than an instance.
            made = Instance(definition)
            return not self._evaluator.defines(definition, "__new__") and kind(self._evaluator, made) is Kind.VALUE
        if definition.is_async or definition.node.returns is None or is_special(definition):
            return False
        # Type variables inside a class change nothing: the class decides.
        return all(
            isinstance(option, Instance | NoneType | Literal | TupleType)
            and kind(self._evaluator, option) is Kind.VALUE
            for option in options(self._evaluator.declared_return(definition))
        )
