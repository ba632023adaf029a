"""Inference that knows what a test tells it: kinds by the text of the callee."""

import ast
from collections.abc import Iterator, Mapping
from typing import cast

from async_lint.inference.face import Answer, Frame, Kind, ModuleView, Unit
from async_lint.inference.view.calls import CallQuestions
from async_lint.inference.view.names import NameQuestions

FRAME = cast(Frame, "the only frame")


class StubView(ModuleView):
    """A module whose calls are `kinds[callee]`, whose names are as they are written."""

    def __init__(self, tree: ast.Module, kinds: Mapping[str, Kind] | None = None) -> None:
        self._tree = tree
        self.calls = StubCalls(kinds or {})
        self.names = StubNames()

    def units(self) -> Iterator[Unit]:
        waiting = list(self._tree.body)
        while waiting:
            statement = waiting.pop(0)
            if isinstance(statement, ast.ClassDef):
                waiting = statement.body + waiting
            else:
                yield Unit(statement, FRAME)

    def walk(self, unit: Unit, leaves: bool = True) -> Iterator[tuple[ast.AST, Frame]]:
        for node in ast.walk(unit.node):
            if leaves or not isinstance(node, (ast.Name, ast.Constant)):
                yield node, FRAME


class StubCalls(CallQuestions):
    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds

    def kind_of(self, call: ast.Call, frame: Frame) -> Answer:
        assert frame is FRAME
        return self.returns(call.func, frame)

    def returns(self, callee: ast.expr, frame: Frame) -> Answer:
        name = ast.unparse(callee)
        return Answer(self._kinds.get(name, Kind.UNKNOWN), name)


class StubNames(NameQuestions):
    def __init__(self) -> None:
        pass

    def name_of(self, expression: ast.expr, frame: Frame) -> str | None:
        return ast.unparse(expression)

    def receiver_of(self, call: ast.Call, frame: Frame) -> str | None:
        return ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else None

    def canonical(self, name: str) -> str:
        return name
