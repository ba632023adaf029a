"""The calls on one line of a file, each with what it is believed to return and the steps that led there."""

import ast
from collections.abc import Iterator

from async_lint.inference.explain import ExplainingEvaluator, tell
from async_lint.inference.types.answer import Answer, Kind
from async_lint.inference.types.values import Frame
from async_lint.inference.view.module_view import ModuleView

_SAYS = {
    Kind.COROUTINE: "returns a coroutine",
    Kind.AWAITABLE: "returns an awaitable that does nothing until it is awaited",
    Kind.ASYNC_GENERATOR: "returns an async generator",
    Kind.ASYNC_CONTEXT: "returns an asynchronous context manager",
    Kind.TASK: "returns a task or future, which is scheduled already",
    Kind.VALUE: "returns nothing that could be awaited",
    Kind.UNKNOWN: "returns nobody knows what",
}


def explain(view: ModuleView, evaluator: ExplainingEvaluator, line: int) -> Iterator[str]:
    """Yield lines of text about each call that begins on `line`, or else about the innermost one around it.

    `view` is of an inference with that evaluator.
    """
    for call, frame in _calls(view, line):
        evaluator.begin()
        answer = view.calls.kind_of(call, frame)
        if not evaluator.steps(call):
            # The callee alone told what it gives.
            evaluator.begin()
            evaluator.evaluate(call, frame)
        yield f"{call.lineno}:{call.col_offset + 1}: `{ast.unparse(call)}` {_SAYS[answer.kind]}{_why(answer)}"
        yield from tell(evaluator.steps(call))
        if answer.kind is Kind.UNKNOWN:
            usage = view.calls.by_convention(call, frame)
            yield f"    by convention: {usage or 'the usage in the project does not show it either'}"


def _why(answer: Answer) -> str:
    if answer.doubt:
        return f": {answer.doubt}"
    known = answer.kind is not Kind.UNKNOWN and answer.evidence is not None and answer.label is not None
    return f": `{answer.label}` {answer.evidence.text}" if known and answer.evidence is not None else ""


def _calls(view: ModuleView, line: int) -> list[tuple[ast.Call, Frame]]:
    around: list[tuple[ast.Call, Frame]] = []
    here: list[tuple[ast.Call, Frame]] = []
    for unit in view.units():
        if not unit.node.lineno <= line <= (unit.node.end_lineno or unit.node.lineno):
            continue
        for node, frame in view.walk(unit):
            if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or node.lineno):
                around.append((node, frame))
                if node.lineno == line:
                    here.append((node, frame))
    return here or around[-1:]
