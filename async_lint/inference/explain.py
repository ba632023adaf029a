"""Why a call is believed to return what it returns, step by step: the same evaluation, written down as it goes."""

import ast
import os
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field

from async_lint.inference.evaluator.evaluator import ExpressionEvaluator
from async_lint.inference.modules.library import Library
from async_lint.inference.questions.arguments import Arguments
from async_lint.inference.questions.evaluator import Callers, Evaluator, ProjectTexts, Subclasses
from async_lint.inference.syntax.binding import Binding, Class, Function, How, Module
from async_lint.inference.syntax.notes import Memo
from async_lint.inference.types.class_order import Order
from async_lint.inference.types.describe import show
from async_lint.inference.types.values import (
    ClassType,
    External,
    Frame,
    FunctionType,
    Instance,
    Literal,
    ModuleType,
    NoneType,
    SpecialForm,
    Type,
    TypeVariable,
    Unknown,
)

_TOLD = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Await)
# What names end at: how a class came to be what it is leads away from the call.
_ENDS = (ClassType, ModuleType, SpecialForm, TypeVariable, Literal, NoneType)
_WIDTH = 80
_DEPTH = 6  # what is known needs no more levels than that; what ended unknown is followed to its end


@dataclass(slots=True)
class Step:
    """One question that was asked on the way: `about` it, what was `found`, and the questions below it."""

    about: str
    found: str = ""
    unknown: bool = False
    inner: "list[Step]" = field(default_factory=list)

    @property
    def line(self) -> str:
        return f"{self.about}: {self.found}" if self.found else self.about


class ExplainingEvaluator(ExpressionEvaluator):
    """An evaluator that writes down each question. Nothing is kept from one call to the next: all of it is told."""

    def __init__(
        self,
        library: Library,
        project: ProjectTexts | None = None,
        heirs: Callable[[Evaluator], Subclasses] | None = None,
        callers: Callable[[Evaluator], Callers] | None = None,
    ) -> None:
        super().__init__(library, project, heirs, callers)
        self._root = Step("")
        self._open = [self._root]
        self._kept_answers: dict[int, Memo[Hashable, Type]] = {}

    def begin(self) -> None:
        """Forget the steps and the answers of the call before."""
        self._root = Step("")
        self._open = [self._root]
        self._kept_answers.clear()

    def steps(self, node: ast.expr) -> list[Step]:
        """Return what was asked about an expression since `begin`."""
        about = _about(node)
        return next((step.inner for step in reversed(self._root.inner) if step.about == about), [])

    def _told(self, about: str, compute: Callable[[], Type]) -> Type:
        step = Step(about)
        self._open[-1].inner.append(step)
        self._open.append(step)
        try:
            answer = compute()
        finally:
            self._open.pop()
        step.found = show(answer) + (self._unreadable(answer.name) if isinstance(answer, External) else "")
        step.unknown = isinstance(answer, Unknown | External)
        if isinstance(answer, _ENDS):
            step.inner.clear()
            if isinstance(answer, SpecialForm | TypeVariable) or _is_builtin(answer):
                self._open[-1].inner.remove(step)
            elif isinstance(answer, ClassType):
                step.found += f" ({at(answer.cls.module, answer.cls.node)})"
        return answer

    def _unreadable(self, name: str) -> str:
        """Say why a module was not found although its file is there."""
        while name:
            if name in self.library.unreadable:
                file, reason = self.library.unreadable[name]
                return f": {os.path.relpath(file)} cannot be read ({reason})"
            name = name.rpartition(".")[0]
        return ""

    def _note(self, about: str, found: str, unknown: bool = False) -> None:
        self._open[-1].inner.append(Step(about, found, unknown))

    # -- the questions -----------------------------------------------------------------------------------------

    def guarded(self, key: Hashable, compute: Callable[[], Type], memo: Memo[Hashable, Type]) -> Type:
        return super().guarded(key, compute, self._kept_answers.setdefault(id(memo), Memo()))

    def _is_calm(self) -> bool:
        return False  # an answer that is kept has no steps to tell

    def evaluate(self, node: ast.expr, frame: Frame) -> Type:
        if not isinstance(node, _TOLD):
            return super().evaluate(node, frame)
        return self._told(_about(node), lambda: super(ExplainingEvaluator, self).evaluate(node, frame))

    def remember(self, binding: Binding, frame: Frame, compute: Callable[[], Type]) -> Type:
        return self._told(
            _binding(binding, frame), lambda: super(ExplainingEvaluator, self).remember(binding, frame, compute)
        )

    def import_from(self, module: str, name: str, importer: Module) -> Type:
        source = self.library.module(module, importer.root)
        self._note(f"module `{module}`", "not found" if source is None else _file(source), source is None)
        return super().import_from(module, name, importer)

    def order(self, cls: Class) -> Order:
        # Which classes stand above a class is told where an attribute is looked for in them.
        open_, self._open = self._open, [Step("")]
        try:
            return super().order(cls)
        finally:
            self._open = open_

    def attribute(self, of: Type, name: str) -> Type:
        if isinstance(of, Instance | ClassType):
            self._note_owner(of, name)
        return super().attribute(of, name)

    def _note_owner(self, of: Instance | ClassType, name: str) -> None:
        order = self.order(of.cls)
        where = f"`{name}` of `{of.cls.qualname}`"
        for base in order.bases:
            if name in base.cls.table or name in base.cls.attributes:
                self._note(where, f"found in `{base.cls.full_name}` ({at(base.cls.module, base.cls.node)})")
                return
        for missing in order.missing:
            self._note(
                where, f"perhaps in the base class {f'`{missing}`, ' if missing else ''}which was not found", True
            )

    def declared_return(self, function: Function) -> Type:
        assert function.node.returns is not None
        written = short(function.node.returns)
        return self._told(
            f"`{function.qualname}` ({at(function.module, function.node)}) is annotated `-> {written}`",
            lambda: super(ExplainingEvaluator, self).declared_return(function),
        )

    def inferred_return(self, function: Function) -> Type:
        return self._told(_body(function), lambda: super(ExplainingEvaluator, self).inferred_return(function))

    def inferred_with(self, function: Function, closure: Frame | None, known: dict[str, Type]) -> Type:
        return self._told(
            f"{_body(function)} for these arguments",
            lambda: super(ExplainingEvaluator, self).inferred_with(function, closure, known),
        )

    def function_type(self, function: Function, frame: Frame) -> Type:
        if not function.node.decorator_list:
            return super().function_type(function, frame)
        names = ", ".join(f"`@{short(decorator)}`" for decorator in function.node.decorator_list)
        return self._told(
            f"`{function.qualname}` under {names}",
            lambda: super(ExplainingEvaluator, self).function_type(function, frame),
        )

    def call(self, callee: Type, arguments: Arguments) -> Type:
        if isinstance(callee, FunctionType) and callee.function.module.is_stub and callee.function.node.returns is None:
            self._note(f"`{callee.function.qualname}`", "its stub has no return annotation", True)
        return super().call(callee, arguments)


def tell(steps: list[Step]) -> Iterator[str]:
    """Yield the steps as indented lines; what was said before is not said again."""
    return _tell(steps, 1, set())


def _tell(steps: list[Step], depth: int, said: set[str]) -> Iterator[str]:
    for step in steps:
        if step.line in said:
            continue
        said.add(step.line)
        yield "    " * depth + step.line
        if step.unknown or depth < _DEPTH:
            yield from _tell(step.inner, depth + 1, said)


def _binding(binding: Binding, frame: Frame) -> str:
    where = at(frame.module, binding.node)
    match binding.how:
        case How.PARAMETER if isinstance(binding.node, ast.arg):
            return f"parameter `{short(binding.node)}` ({where})"
        case How.FUNCTION | How.CLASS if binding.definition is not None:
            return f"`{binding.how.value} {binding.definition.name}` ({where})"
        case How.IMPORT | How.IMPORT_FROM:
            return f"imported ({where})"
        case How.ITERATE | How.ASYNC_ITERATE | How.ENTER | How.ASYNC_ENTER if binding.value is not None:
            return f"`{binding.how.value} {short(binding.value)}` ({where})"
        case How.DECLARE if binding.annotation is not None:
            return f"annotated `{short(binding.annotation)}` ({where})"
    if binding.value is not None:
        return f"assigned `{short(binding.value)}` ({where})"
    return f"bound by `{binding.how.value}` ({where})"


def _body(function: Function) -> str:
    return f"the body of `{function.qualname}` ({at(function.module, function.node)}) returns"


def _is_builtin(of: Type) -> bool:
    return isinstance(of, ClassType) and of.cls.module.name in ("builtins", "typing")


def _about(node: ast.expr) -> str:
    return f"`{short(node)}`"


def short(node: ast.AST) -> str:
    """Return the text of a node, on one line, as much of it as a line takes."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}..."


def _file(module: Module) -> str:
    return os.path.relpath(module.path) if module.path else "in the bundled knowledge"


def at(module: Module, node: ast.AST) -> str:
    """Return where a node stands: `app.py:12`."""
    return f"{os.path.relpath(module.path)}:{getattr(node, 'lineno', 1)}" if module.path else f"known of {module.name}"
