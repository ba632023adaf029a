"""What names and expressions denote: the questions of `view.names`."""

import ast

from async_lint.inference.names import parameter_default
from async_lint.inference.names.aliases import is_given, last_word
from async_lint.inference.names.looked_up import is_looked_up
from async_lint.inference.project.name_prefilter import NamePrefilter
from async_lint.inference.questions.asking import Asking
from async_lint.inference.syntax.binding import Function, Module
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.describe import describe
from async_lint.inference.types.unions import without_none
from async_lint.inference.types.values import Frame, FunctionType, NoneType, OverloadedType, Union


class NameQuestions:
    """Asked of expressions, wherever they stand. `canonical` is kept for the whole run."""

    def __init__(
        self, asking: Asking, module: Module | None, prefilter: NamePrefilter, canonical: Memo[str, str]
    ) -> None:
        self._asking = asking
        self._module = module
        self._prefilter = prefilter
        self._canonical = canonical

    def name_of(self, expression: ast.expr, frame: Frame) -> str | None:
        """Return the qualified name of the function, class or module it denotes, or of the class of the instance."""
        return describe(self._asking.anew().evaluate(expression, frame)).name

    def name_unless_none(self, expression: ast.expr, frame: Frame) -> str | None:
        """Return the same of what an expression denotes where that is not None."""
        return describe(without_none(self._asking.anew().evaluate(expression, frame))).name

    def may_be_none(self, expression: ast.expr, frame: Frame) -> bool:
        """Whether None is among what an expression denotes."""
        value = self._asking.anew().evaluate(expression, frame)
        return isinstance(value, NoneType) or (isinstance(value, Union) and without_none(value) != value)

    def receiver_of(self, call: ast.Call, frame: Frame) -> str | None:
        """Return the qualified name of the class of `x` in `x.m()`, or in `m()` where `m` is bound to `x.m`."""
        if isinstance(call.func, ast.Attribute):
            return self.name_of(call.func.value, frame)
        if not isinstance(call.func, ast.Name):
            return None
        callee = self._asking.anew().evaluate(call.func, frame)
        # All overloads are bound to the same receiver.
        held = callee.items[0] if isinstance(callee, OverloadedType) else callee
        return describe(held.bound).name if isinstance(held, FunctionType) and held.bound is not None else None

    def last_word(self, callee: ast.expr, frame: Frame) -> str:
        """Return what a callee is called where it comes from, without what stands before the last dot; cheap."""
        return last_word(callee, frame)

    def is_defined(self, name: str) -> bool:
        """Whether the project has a function or a class of that name; cheap."""
        return self._prefilter.is_defined(name, self._module)

    def is_given(self, callable_: ast.expr, frame: Frame) -> bool:
        """Whether a callable is a parameter without annotation, or made around one: its callers know what it is."""
        return is_given(callable_, frame)

    def is_looked_up(self, callable_: ast.expr, frame: Frame) -> bool:
        """Whether nothing says which function a callable is: it is looked up by a variable, or a parameter."""
        return is_looked_up(callable_, frame)

    def canonical(self, name: str) -> str:
        """Return the name under which a public name is defined (`asyncio.sleep`: `asyncio.tasks.sleep`), or itself."""
        return NOTES.kept(self._canonical, name, lambda: self._asking.anew().defined_name(name) or name)

    def default(self, name: str, parameter: str) -> ast.expr | None:
        """Return the default of a parameter of the function or class behind a public name, if it was found."""
        evaluator = self._asking.anew()
        return parameter_default.default(evaluator, evaluator.named(name), parameter)

    def source_of(self, expression: ast.expr, frame: Frame) -> str:
        """Return the lines that define the function or class that an expression denotes; none where not found."""
        definition = describe(self._asking.anew().evaluate(expression, frame)).definition
        if definition is None or not definition.module.path:
            return ""
        last = definition.last_line if isinstance(definition, Function) else definition.node.end_lineno
        return definition.module.lines(definition.node.lineno, last or definition.node.lineno)
