"""The view of one file: how its questions begin, and what is kept of their answers."""

import ast
from collections.abc import Callable

import pytest

from async_lint.inference.entry import Inference, Library
from async_lint.inference.face import Frame, Kind, ModuleView
from tests.inference.program import ROOT, Texts

TEXT = """\
import asyncio
async def work(): ...
work()
"""


def opened() -> tuple[Inference, ModuleView, ast.Call, Frame]:
    """Return the view of a file, and the call in it."""
    tree = ast.parse(TEXT)
    inference = Inference(Library(Texts({ROOT / "main.py": TEXT}), [ROOT]))
    view = inference.module(ROOT / "main.py", tree, TEXT)
    found = [(node, frame) for unit in view.units() for node, frame in view.walk(unit) if isinstance(node, ast.Call)]
    return inference, view, *found[0]


@pytest.mark.parametrize(
    "question",
    [
        lambda view, call, frame: view.calls.kind_of(call, frame).kind is Kind.COROUTINE,
        lambda view, call, frame: view.calls.returns(call.func, frame).kind is Kind.COROUTINE,
        lambda view, call, frame: view.calls.kind_of_value(call, frame) is Kind.COROUTINE,
        lambda view, call, frame: view.names.name_of(call.func, frame) == "main.work",
        lambda view, call, frame: view.names.canonical("asyncio.sleep") == "asyncio.tasks.sleep",
        lambda view, call, frame: view.names.source_of(call.func, frame).startswith("async def work"),
        lambda view, call, frame: view.project.constants(ast.Constant("a"), frame)[0].value == "a",
        lambda view, call, frame: view.project.results(view.project.origins(call, frame)[0]) == (),
    ],
)
def test_a_question_has_a_budget_of_its_own(question: Callable[[ModuleView, ast.Call, Frame], bool]) -> None:
    inference, view, call, frame = opened()
    inference.evaluator._budget.left = 0
    assert question(view, call, frame)


def test_an_answer_belongs_to_its_call_and_not_to_a_place_in_memory() -> None:
    _, view, _, frame = opened()
    for _ in range(100):
        for text, plain in (("print()", True), ("work()", False)):
            call = ast.parse(text, mode="eval").body
            assert isinstance(call, ast.Call)
            assert view.calls.is_plain(call, frame) is plain
            assert (view.calls.kind_of(call, frame).kind is Kind.COROUTINE) is not plain
            del call
