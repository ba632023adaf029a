"""What calls give: the questions of `view.calls`."""

import ast
from dataclasses import replace

from async_lint.inference.answers.answer_builder import answer, by_specification, gives_back, written
from async_lint.inference.answers.plain_callees import PlainCallees
from async_lint.inference.answers.queued import may_be_queued
from async_lint.inference.answers.result_ownership import gives_coroutine, gives_others
from async_lint.inference.calls import decorators
from async_lint.inference.kinds import kinds
from async_lint.inference.project.convention import Convention, works_at_once
from async_lint.inference.project.name_prefilter import NamePrefilter
from async_lint.inference.questions.arguments import NO_ARGUMENTS, assigned, of_call, refuses
from async_lint.inference.questions.asking import Asking
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Module, last_name
from async_lint.inference.types.answer import Answer, Kind
from async_lint.inference.types.describe import describe
from async_lint.inference.types.values import (
    AsyncGenerator,
    Callable,
    ClassType,
    Coroutine,
    External,
    Frame,
    FunctionType,
    Type,
    Unknown,
)
from async_lint.inference.view.local_usage import LocalUsage

_LIVES = "it may give back what lives elsewhere: an argument, an attribute, its own receiver"


class CallQuestions:
    """Asked of calls in the file under check; `kind_of`, `returns` and `kind_of_value` of those elsewhere, too."""

    def __init__(
        self,
        asking: Asking,
        module: Module,
        usage: LocalUsage,
        convention: Convention,
        prefilter: NamePrefilter,
        plain_callees: PlainCallees,
    ) -> None:
        self._asking = asking
        self._module = module
        self._usage = usage
        self._convention = convention
        self._prefilter = prefilter
        self._plain_callees = plain_callees
        self._answers: dict[tuple[ast.Call, Frame], Answer] = {}
        self._plain: dict[ast.Call, bool] = {}

    def forget(self) -> None:
        self._answers.clear()
        self._plain.clear()
        self._usage.forget()

    def kind_of(self, call: ast.Call, frame: Frame) -> Answer:
        """Return what a call returns, and why."""
        known = self._answers.get((call, frame))
        if known is None:
            known = self._answer(self._asking.anew(), call, frame)
            # The nodes of other files come and go: they are not kept for longer than this one.
            if frame.module is self._module:
                self._answers[call, frame] = known
        return known

    def _answer(self, evaluator: Evaluator, call: ast.Call, frame: Frame) -> Answer:
        callee = evaluator.evaluate(call.func, frame)
        plain = self._plain_callees.answer(callee, call, frame)
        if plain is not None:
            return plain
        result = callee if isinstance(callee, Unknown | External) else evaluator.evaluate(call, frame)
        known = answer(evaluator, callee, result)
        if known.label is None and known.kind not in (Kind.UNKNOWN, Kind.VALUE):
            # Behind a decorator, what it wraps has a name; an annotated callable has what it is called here.
            inner = describe(result).label if isinstance(result, Coroutine | AsyncGenerator) else None
            known = replace(known, label=inner or written(call.func))
        if known.kind is Kind.AWAITABLE and isinstance(callee, ClassType):
            # An object that may be awaited and is of use without it: a client that connects.
            doubt = "the object is of use without being awaited"
            known = replace(known, kind=Kind.UNKNOWN, doubt=doubt, mere=False)
        if known.kind is Kind.UNKNOWN:
            by_name = by_specification(call, frame, self._prefilter)
            label = known.label or written(call.func)
            return known if by_name is None else Answer(Kind.AWAITABLE, known.name, label, by_name)
        return _without_doubt(evaluator, known, call, callee, result, frame)

    def returns(self, callee: ast.expr, frame: Frame) -> Answer:
        """Return what calling `callee` would return, whatever the arguments."""
        evaluator = self._asking.anew()
        value = evaluator.evaluate(callee, frame)
        known = answer(evaluator, value, evaluator.call(value, NO_ARGUMENTS))
        if known.kind is Kind.AWAITABLE and gives_others(evaluator, value):
            return replace(known, kind=Kind.UNKNOWN, doubt=_LIVES, mere=False)
        return known

    def decorates(self, decorator: ast.expr, name: str, frame: Frame) -> Answer:
        """Return what calling the function `name` would return as one of its decorators gets it."""
        evaluator = self._asking.anew()
        value = decorators.below(evaluator, decorator, name, frame)
        return answer(evaluator, value, evaluator.call(value, NO_ARGUMENTS))

    def kind_of_value(self, expression: ast.expr, frame: Frame, items: bool = False) -> Kind:
        """Return the kind of a value; `items`: of what iterating over it gives."""
        evaluator = self._asking.anew()
        value = evaluator.evaluate(expression, frame)
        return kinds.kind(evaluator, evaluator.element(value, False) if items else value)

    def gives_coroutine(self, call: ast.Call, frame: Frame) -> bool:
        """Whether awaiting the call gives a coroutine that was made for who awaits it."""
        if not self._prefilter.promises_awaitable(call):
            return False
        evaluator = self._asking.anew()
        return gives_coroutine(evaluator, evaluator.evaluate(call.func, frame))

    def is_refused(self, call: ast.Call, frame: Frame) -> bool:
        """Whether a call is sure to raise TypeError: its arguments do not fit the undecorated function."""
        callee = self._asking.anew().evaluate(call.func, frame)
        if not isinstance(callee, FunctionType) or callee.function.node.decorator_list:
            return False
        module = callee.function.module
        # The project may use another version of a library; the standard library is what it is.
        if module.is_library or (module.is_stub and module.path):
            return False
        parameters, given = callee.function.node.args, of_call(call, frame)
        skip = 0 if callee.bound is None else 1
        if module.is_stub:
            return refuses(parameters, given, skip)
        # A star may stand for nothing.
        return refuses(parameters, given, skip) if given.open else assigned(parameters, given, skip) is None

    def is_plain(self, call: ast.Call, frame: Frame) -> bool:
        """Whether the callee's name alone tells that the call gives nothing to await; sure but for aliases."""
        known = self._plain.get(call)
        if known is None:
            known = self._plain[call] = self._prefilter.is_plain(call, frame)
        return known

    def is_asynchronous(self, call: ast.Call) -> bool:
        """Whether no plain function of the callee's name is known; cheap."""
        return self._prefilter.is_asynchronous(call, self._module)

    def by_convention(self, call: ast.Call, frame: Frame) -> str | None:
        """Return what the project's usage says for a call that should be awaited; None when it says nothing."""
        function = frame.enclosing_function()
        if function is None or function.function is None or not function.function.is_async:
            # Nobody can await here, and an interface for both kinds of callers does the work at once.
            return None
        evaluator = self._asking.anew()
        usage = self._usage.of(call, frame) or self._convention.by_project(call, frame)
        callee = evaluator.evaluate(call.func, frame)
        if usage is None or works_at_once(callee) or self._usage.is_mostly_dropped(call, frame):
            return None
        # It may be meant where the receiver is not known, or a decorator says what the call gives: what schedules work
        # gives back a task that some wait for.
        if isinstance(callee, Unknown | Callable) and self._convention.is_plain_nearby(last_name(call.func), frame):
            return None
        # What is known to be of use unawaited is no coroutine, whatever is done with it elsewhere.
        return None if kinds.is_no_coroutine(evaluator, evaluator.evaluate(call, frame)) else usage


def _without_doubt(
    evaluator: Evaluator, known: Answer, call: ast.Call, callee: Type, result: Type, frame: Frame
) -> Answer:
    doubt = None
    if known.kind is Kind.VALUE:
        return known
    if gives_back(evaluator, call, callee, result, frame):
        doubt = _LIVES
    elif known.kind is Kind.AWAITABLE and may_be_queued(evaluator, call, frame):
        doubt = "a pipeline may collect it, and send it later"
    return replace(known, kind=Kind.UNKNOWN, doubt=doubt, mere=False) if doubt else known
