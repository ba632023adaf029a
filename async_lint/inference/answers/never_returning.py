"""Whether calling a function never returns: it says so, or every way through its body raises."""

from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function
from async_lint.inference.syntax.control import leaves
from async_lint.inference.types.values import ClassType, FunctionType, Instance, SpecialForm, Type

_NEVER = (SpecialForm("NoReturn"), SpecialForm("Never"))


def never_returns(evaluator: Evaluator, callee: Type, awaited: bool) -> bool:
    """Whether a call of `callee`, or where `awaited` the `await` of one, never comes back. Without proof: no."""
    # A coroutine function or a generator returns at once when it is called, whatever its body does.
    if not isinstance(callee, FunctionType) or callee.function.is_generator or callee.function.is_async != awaited:
        return False
    function = callee.function
    written = function.node.returns
    if written is not None and evaluator.evaluate(written, evaluator.definition_frame(function)) in _NEVER:
        return True
    below = evaluator.heirs.of(callee.bound.cls) or () if isinstance(callee.bound, Instance | ClassType) else ()
    replacements = (binding.definition for heir in below for binding in heir.table.get(function.name, ()))
    return _only_raises(function) and all(
        isinstance(definition, Function) and _only_raises(definition) for definition in replacements
    )


def _only_raises(function: Function) -> bool:
    if function.module.is_stub or function.is_generator:
        return False
    return not body_of(function).returns and leaves(function.node.body)
