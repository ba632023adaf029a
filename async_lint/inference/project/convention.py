"""What the project's own usage says of a callee that nothing proves to be a coroutine function; for ASL105 alone.

Engler's idea: where every other call is awaited, the one that is not is the bug (Bugs as Deviant Behavior, SOSP 2001).
The *usage* of a callee is its calls that are awaited and its *other* calls, whose results are not handed on.

    class Poller:
        async def first(self):
            await self.hub.push(1)
        async def second(self):
            await self.hub.push(2)
        async def third(self):
            self.hub.push(3)            "`self.hub.push` is awaited at its 2 other calls in `Poller`"

How much is proof depends on how surely the calls mean the same thing. The same text in one class or module does
(`by_usage`); across the project it is a name of a library that was not found, a function whose decorator was not found,
or, weakest, any method of that name, for which nothing else may have a plain one (`Convention.by_project`). Several
calls may lack their `await`, so others are allowed where at least three times as many are awaited.
"""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from async_lint import knowledge
from async_lint.inference.project.project import Project
from async_lint.inference.project.usage import ProjectUsage
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function, How, Module, last_name
from async_lint.inference.syntax.nodes import children, descendants
from async_lint.inference.types.values import (
    External,
    Frame,
    FunctionType,
    Instance,
    ModuleType,
    SuperType,
    Type,
    Unknown,
)

AT_LEAST = 2  # other calls in the class or module that are awaited: one may be chance
_IN_PROJECT = 3  # the same for methods of one name anywhere in the project; of an imported function, one is proof
_SHARE = 3  # for each call that is not awaited, so many are: several may lack their `await`


class Usage(NamedTuple):
    """How a callee is used in one class or module: the lines of its calls.

    Calls whose results are handed on are left out: they may be awaited there.
    """

    awaited: list[int]
    other: list[int]


class Convention:
    """Answers from usage, kept for a run."""

    def __init__(self, evaluator: Evaluator, project: Project, usage: ProjectUsage) -> None:
        self._evaluator = evaluator
        self._project = project
        self._usage = usage

    def by_project(self, call: ast.Call, frame: Frame) -> str | None:
        """Return the evidence that the project awaits every other call of the same thing, or nearly, or None."""
        name = last_name(call.func)
        # Counted for all names at once: nothing is evaluated that the project awaits nowhere.
        if not self._usage.awaited(name):
            return None
        callee = self._evaluator.evaluate(call.func, frame)
        if isinstance(callee, External):
            # A method may start its work without being awaited: one place that awaits it is no custom.
            enough = AT_LEAST if isinstance(call.func, ast.Attribute) else 1
            count, called = self._usage.of_external(callee), callee.name
        elif isinstance(call.func, ast.Attribute) and isinstance(callee, Unknown) and self._is_special(name):
            receiver = self._evaluator.evaluate(call.func.value, frame)
            if _has_another_origin(receiver, callee):
                return None
            count, called, enough = self._usage.of_method(name), name, _IN_PROJECT
        elif isinstance(call.func, ast.Name) and isinstance(callee, Unknown) and self._is_asynchronous(name):
            # Under a decorator that was not found: what it makes of the function, its callers know.
            count, called, enough = self._usage.of_function(name), name, AT_LEAST
        else:
            return None
        if count is None or count.awaited < enough:
            return None
        if _is_mixed(count.awaited, count.other) or _is_mixed(*map(sum, zip(count.kin, count[:2], strict=True))):
            return None
        every = (
            "every other call" if count.other == 1 else f"{count.awaited} of its {count.awaited + count.other} calls"
        )
        return f"`{called}` is awaited at {every} in the project (first {count.first})"

    def is_plain_nearby(self, name: str, frame: Frame) -> bool:
        """Whether a module of the same package has a plain function or method of the name."""
        package = Path(frame.module.path).parent
        paths = (path for path in self._project.mentioning(f"def {name}(") if path.parent == package)
        modules = filter(None, map(self._evaluator.library.at, paths))
        definitions = (definition for module in modules for definition in _definitions(module, name))
        return any(isinstance(definition, Function) and not definition.is_async for definition in definitions)

    def _is_asynchronous(self, name: str) -> bool:
        """Whether all that the project calls by the name are coroutine functions, whatever decorates them."""
        definitions: list[object] = []
        for path in self._project.mentioning(f"def {name}"):
            module = self._evaluator.library.at(path)
            definitions += _definitions(module, name) if module is not None else [None]
        return bool(definitions) and all(
            isinstance(definition, Function) and definition.is_async and not definition.is_generator
            for definition in definitions
        )

    def _is_special(self, name: str) -> bool:
        """Whether no known type has a plain method of the name."""
        return not name.startswith("__") and name not in knowledge.synchronous_names()


def works_at_once(callee: Type) -> bool:
    """Whether it is a plain function that was found: what it does is done when it returns, awaited or not."""
    return isinstance(callee, FunctionType) and not callee.function.is_async


def _is_mixed(awaited: int, other: int) -> bool:
    return other > 1 and awaited < _SHARE * other


def _has_another_origin(receiver: Type, callee: Type) -> bool:
    """Whether the receiver comes from somewhere that the project's definitions say nothing about."""
    if isinstance(receiver, External | ModuleType | SuperType) or isinstance(callee, External):
        return True
    return isinstance(receiver, Instance) and receiver.cls.module.path == ""


def _definitions(module: Module, name: str) -> Iterator[object]:
    """Yield what a module, its classes and their instances call by the name; imports aside."""
    for binding in module.table.get(name, ()):
        if binding.how not in (How.IMPORT, How.IMPORT_FROM):
            yield binding.definition
    for cls in _classes(module):
        for binding in cls.table.get(name, ()):
            yield binding.definition
        for _, binding in cls.attributes.get(name, ()):
            yield binding.definition


def _classes(module: Module) -> Iterator[Class]:
    waiting = [
        binding.definition
        for bindings in module.table.values()
        for binding in bindings
        if isinstance(binding.definition, Class)
    ]
    while waiting:
        cls = waiting.pop()
        assert isinstance(cls, Class)
        yield cls
        waiting += [
            binding.definition
            for bindings in cls.table.values()
            for binding in bindings
            if isinstance(binding.definition, Class)
        ]


def usages(scope: ast.AST) -> dict[str, Usage]:
    """Return how each callee is used in a class, or in a module outside its classes."""
    by_callee: dict[str, Usage] = {}
    for node, parent in _inside(scope):
        if isinstance(node, ast.Call) and not isinstance(parent, _HANDING_ON):
            usage = by_callee.setdefault(ast.unparse(node.func), Usage([], []))
            (usage.awaited if isinstance(parent, ast.Await) else usage.other).append(node.lineno)
    return by_callee


def dropped(statements: Sequence[ast.stmt]) -> Iterator[ast.Call]:
    """Yield the calls that are statements of their own, not awaited."""
    for statement in statements:
        for node in descendants(statement):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                yield node.value


_HANDING_ON = (
    ast.Return, ast.Yield, ast.Lambda, ast.Call, ast.keyword, ast.Starred, ast.List, ast.Tuple, ast.Set,
    ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.withitem,
)  # fmt: skip


def _inside(scope: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield the nodes, each with the one above it."""
    stack = [(child, scope) for child in children(scope)]
    while stack:
        node, parent = stack.pop()
        if isinstance(node, ast.ClassDef):
            continue
        yield node, parent
        stack.extend((child, node) for child in children(node))


def by_usage(call: ast.Call, usage: Usage | None, where: str) -> str | None:
    """Return the evidence that the other calls of the callee are awaited, or nearly all, or None."""
    if usage is None or call.lineno not in usage.other or len(usage.awaited) < AT_LEAST:
        return None
    others = len(usage.other) - 1
    if others and len(usage.awaited) < _SHARE * len(usage.other):
        return None
    all_ = f"{len(usage.awaited)} of its {_times(len(usage.awaited) + others, 'other call')}"
    calls = all_ if others else f"its {_times(len(usage.awaited), 'other call')}"
    return f"`{ast.unparse(call.func)}` is awaited at {calls} in {where} (first line {min(usage.awaited)})"


def _times(count: int, what: str = "definition") -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
