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


def explain(
    view: ModuleView, evaluator: ExplainingEvaluator, line: int, byte_column: int | None = None
) -> Iterator[str]:
    """Yield lines of text about each call that begins on `line`, or else about the innermost one around it.

    With a column, only about the call whose callee stands there. `view` is of an inference with that evaluator.
    """
    calls = _calls(view, line) if byte_column is None else _call_at(view, line, byte_column)
    for call, frame in calls:
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
    around = _calls_around(view, line)
    here = [(call, frame) for call, frame in around if call.lineno == line]
    return here or around[-1:]


def _call_at(view: ModuleView, line: int, byte_column: int) -> list[tuple[ast.Call, Frame]]:
    around = [(call, frame) for call, frame in _calls_around(view, line) if _holds(call, line, byte_column)]
    # The innermost comes last. In its arguments, nobody asks about the call.
    return [(call, frame) for call, frame in around[-1:] if _holds(call.func, line, byte_column)]


def _holds(node: ast.expr, line: int, byte_column: int) -> bool:
    end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
    return (node.lineno, node.col_offset) <= (line, byte_column) <= end


def _calls_around(view: ModuleView, line: int) -> list[tuple[ast.Call, Frame]]:
    around: list[tuple[ast.Call, Frame]] = []
    for unit in view.units():
        if not unit.node.lineno <= line <= (unit.node.end_lineno or unit.node.lineno):
            continue
        for node, frame in view.walk(unit):
            if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or node.lineno):
                around.append((node, frame))
    return around
