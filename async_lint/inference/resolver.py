"""The entry: one file under check, and what its calls return."""

import ast
from collections.abc import Iterator
from pathlib import Path

from async_lint.inference import kinds, walk
from async_lint.inference.answer import UNKNOWN, Answer, Evidence, Kind
from async_lint.inference.arguments import NO_ARGUMENTS
from async_lint.inference.binding import Function, Module
from async_lint.inference.describe import describe
from async_lint.inference.library import Library
from async_lint.inference.evaluator import Evaluator
from async_lint.inference.scope import Frame, Unit
from async_lint.inference.summary import detach
from async_lint.inference.types import Coroutine, Instance, Type


class Inference:
    """What the calls of one project return."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._evaluator = Evaluator(library)

    def module(self, path: Path, tree: ast.Module, text: str) -> "ModuleView":
        """Open the file under check; `path` is absolute, `tree` and `text` are its own."""
        return ModuleView(self._evaluator, self._library.live(path, tree, text), tree)


class ModuleView:
    """One file under check. `close` gives its tree's memory back."""

    def __init__(self, evaluator: Evaluator, module: Module, tree: ast.Module) -> None:
        self._evaluator = evaluator
        self._module = module
        self._tree = tree
        self._answers: dict[tuple[int, int], Answer] = {}
        self._canonical = evaluator.canonical

    def close(self) -> None:
        detach(self._module)
        self._answers.clear()

    def units(self) -> Iterator[Unit]:
        return walk.units(self._module, self._tree)

    def walk(self, unit: Unit) -> Iterator[tuple[ast.AST, Frame]]:
        """Yield every node of the unit with the frame that its names are looked up in."""
        return walk.nodes(unit)

    def kind_of(self, call: ast.Call, frame: Frame) -> Answer:
        """Return what a call returns, and why."""
        key = (id(call), id(frame))
        known = self._answers.get(key)
        if known is None:
            self._evaluator.fresh()
            callee = self._evaluator.evaluate(call.func, frame)
            known = self._answer(callee, self._evaluator.evaluate(call, frame))
            self._answers[key] = known
        return known

    def returns(self, callee: ast.expr, frame: Frame) -> Answer:
        """Return what calling `callee` would return, whatever the arguments."""
        self._evaluator.fresh()
        found = self._evaluator.evaluate(callee, frame)
        return self._answer(found, self._evaluator.call(found, NO_ARGUMENTS))

    def name_of(self, expression: ast.expr, frame: Frame) -> str | None:
        """Return the qualified name of the function, class or module it denotes, or of the class of the instance."""
        self._evaluator.fresh()
        return describe(self._evaluator.evaluate(expression, frame)).name

    def receiver_of(self, call: ast.Call, frame: Frame) -> str | None:
        """Return the qualified name of the class of `x` in `x.m()`."""
        return self.name_of(call.func.value, frame) if isinstance(call.func, ast.Attribute) else None

    def canonical(self, name: str) -> str:
        """Return the name under which a public name is defined (`asyncio.sleep`: `asyncio.tasks.sleep`), or itself."""
        known = self._canonical.get(name)
        if known is None:
            self._evaluator.fresh()
            known = self._canonical[name] = self._evaluator.defined_name(name) or name
        return known

    def _answer(self, callee: Type, result: Type) -> Answer:
        about = describe(callee)
        kind = kinds.kind(self._evaluator, result)
        if about.name is None and kind in (Kind.UNKNOWN, Kind.VALUE):
            return UNKNOWN if kind is Kind.UNKNOWN else Answer(kind)
        definition = about.definition
        if isinstance(result, Coroutine) and result.function is not None and not isinstance(definition, Function):
            definition = result.function
        if isinstance(callee, Instance) and self._evaluator.defines(callee.cls, "__call__"):
            about = describe(self._evaluator.attribute(callee, "__call__"))
            definition = about.definition
        evidence = None
        if definition is not None:
            evidence = Evidence(_claim(kind, definition), _place(definition.module), definition.node.lineno if definition.module.path else 0)
        return Answer(kind, about.name, about.label, evidence)


def _place(module: Module) -> str:
    return module.path or module.name


def _claim(kind: Kind, definition: object) -> str:
    made_async = isinstance(definition, Function) and definition.is_async
    match kind:
        case Kind.COROUTINE:
            return "is a coroutine function" if made_async else "returns a coroutine"
        case Kind.AWAITABLE:
            return "returns an awaitable"
        case Kind.ASYNC_GENERATOR:
            return "is an async generator function" if made_async else "returns an async generator"
        case Kind.ASYNC_CONTEXT:
            return "returns an asynchronous context manager"
        case Kind.TASK:
            return "returns a task or future"
    return "is defined"



