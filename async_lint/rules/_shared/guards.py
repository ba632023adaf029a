"""Code around a node that shows that its author reckons with what a rule would report."""

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile, pairwise

import libcst as cst

from async_lint.context import Context
from async_lint.files.source import Source
from async_lint.inference.face import Kind, blocks
from async_lint.rules._shared.names import own_nodes

# Calls that are expected to raise or to warn: what they would return is beside the point.
_EXPECTATIONS = frozenset(
    {"raises", "warns", "deprecated_call", "assertRaises", "assertRaisesRegex", "assertWarns", "assertWarnsRegex"}
)
_ASKED = re.compile(
    r"\b(?:is|has)_?(?:awaitable|coroutine\w*|async\w*|future)\b|\bhasattr\b|\b(?:Async|Await|Corout)\w+|__a\w+__"
)
_ASSIGNMENT = re.compile(r"^(\w+)\b[^=\n]*=[ \t]*([^#\r\n]*?)[ \t]*(?:#.*)?$", re.MULTILINE)
_BOOLEANS = {"True": True, "False": False}
_LEAVING = (cst.Return, cst.Raise, cst.Continue, cst.Break)
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_CAUGHT = frozenset({"TypeError", "AttributeError"})


def expects_failure(context: Context) -> bool:
    """Whether a `with pytest.raises(...)` or the like stands around the visited node."""
    for ancestor, _ in _around(context):
        if isinstance(ancestor, cst.With) and any(_last_name(item.item) in _EXPECTATIONS for item in ancestor.items):
            return True
    return False


def is_asked_for(context: Context, call: cst.Call | None = None) -> bool:
    """Whether a test around the visited node asks if it is asynchronous; or if `call` in it is."""
    tests = (ancestor.test for ancestor, _ in _around(context) if isinstance(ancestor, (cst.If, cst.IfExp, cst.While)))
    asked = call or context.node
    return any(_asks(test, asked, context) for test in tests)


def is_attempted(context: Context) -> bool:
    """Whether a handler around the visited node awaits that what is done with it fails."""
    for ancestor, child in _around(context):
        if isinstance(ancestor, cst.Try) and child is ancestor.body and any(map(_catches, ancestor.handlers)):
            return True
    return False


def _asks(test: cst.BaseExpression, node: cst.CSTNode, context: Context) -> bool:
    """Whether a test asks of a call's callee if it is asynchronous, or of nothing that it names."""
    code = context.code(test)
    if _ASKED.search(code) is None:
        return False
    for call in (part for part in own_nodes(test) if isinstance(part, cst.Call) and part.args):
        if _ASKED.search(context.code(call)):
            if not isinstance(node, cst.Call) or _is_about(context.code(call.args[0].value), context.code(node.func)):
                return True
            code = code.replace(context.code(call), "")
    return _ASKED.search(code) is not None


def _is_about(asked: str, callee: str) -> bool:
    return (
        f"{callee}.".startswith(f"{asked}.")
        or asked.startswith(f"{callee}.")
        or callee.rpartition(".")[2] == asked.rpartition(".")[2]
    )


def is_ruled_out(context: Context) -> bool:
    """Whether the visited node stands where `iscoroutinefunction` was false of what is known as a coroutine function.

    Somebody replaces it, then, and what else is known of its object does not hold here either.
    """
    for ancestor, child in _around(context):
        if isinstance(ancestor, cst.If):
            refused = _required(ancestor.test) if child is ancestor.orelse else _denied(ancestor.test)
            if (child is ancestor.orelse or child is ancestor.body) and _any_coroutine_function(refused, context):
                return True
        if isinstance(ancestor, cst.IndentedBlock):
            above = ancestor.body[: next((i for i, line in enumerate(ancestor.body) if line is child), 0)]
            if any(_any_coroutine_function(_refused_behind(statement), context) for statement in above):
                return True
    return False


def _any_coroutine_function(tests: Iterable[cst.BaseExpression], context: Context) -> bool:
    """Whether one of some tests asks for a coroutine function, and is known to be answered with yes."""
    for test in tests:
        if isinstance(test, cst.Call) and _last_name(test) == "iscoroutinefunction" and len(test.args) == 1:
            if context.returns(test.args[0].value).kind is Kind.COROUTINE:
                return True
    return False


def _refused_behind(statement: cst.BaseStatement) -> list[cst.BaseExpression]:
    """Return what was false if the end of a statement is reached: `assert not x`, `if x: return`."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.Assert(test=test)]):
            return _denied(test)
        case cst.If(
            test=test, body=cst.IndentedBlock(body=[*_, cst.SimpleStatementLine(body=[*_, last])]), orelse=None
        ):
            return _required(test) if isinstance(last, _LEAVING) else []
    return []


def is_dead(context: Context) -> bool:
    """Whether the visited node stands where no run comes to: below `if False and ...`, behind `if True`, a `raise`.

    A constant of the module may say so. A synchronous twin that a tool makes of a module has it the other way round.
    """
    line = context.span(context.node).start.line
    if any(line in lines for lines in context.source.once(_left_before)):
        return True
    # A function below such a condition is never made.
    for child, ancestor in pairwise([context.node, *reversed(context.ancestors)]):
        if isinstance(ancestor, cst.If):
            outcomes = [_outcome(condition, context) for condition in _required(ancestor.test)]
            if (child is ancestor.body and False in outcomes) or (child is ancestor.orelse and all(outcomes)):
                return True
    return False


def _left_before(source: Source) -> list[range]:
    """Return the lines of a file that stand behind a statement that always leaves their block."""
    lines = []
    # By blocks: expressions, nine of ten nodes, hold no statements.
    waiting = [block for statement in source.tree.body for block in blocks(statement)]
    for block in waiting:  # it grows meanwhile
        waiting += [inner for statement in block for inner in blocks(statement)]
        leaving = [*dropwhile(lambda each: not isinstance(each, _LEAVES), block)]
        # What stands on the line of the one that leaves shares it with that.
        behind = [each for each in leaving[1:] if each.lineno > (leaving[0].end_lineno or leaving[0].lineno)]
        if behind:
            lines.append(range(behind[0].lineno, (behind[-1].end_lineno or behind[-1].lineno) + 1))
    return lines


def _outcome(test: cst.BaseExpression, context: Context) -> bool | None:
    """Return what a test always comes out as, None where that depends."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        inner = _outcome(test.expression, context)
        return None if inner is None else not inner
    if not isinstance(test, cst.Name):
        return None
    values = [test.value] if test.value in _BOOLEANS else context.source.once(_assigned).get(test.value, ())
    return _BOOLEANS.get(values[0]) if len(values) == 1 else None


def _required(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return what must be true for a test to be."""
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        return [*_required(test.left), *_required(test.right)]
    return [test]


def _denied(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return what must be false for a test to be true."""
    denials = (part for part in _required(test) if isinstance(part, cst.UnaryOperation))
    return [part.expression for part in denials if isinstance(part.operator, cst.Not)]


def _assigned(source: Source) -> dict[str, list[str]]:
    """Return what each name is set to at the module's top level."""
    values: dict[str, list[str]] = {}
    for name, value in _ASSIGNMENT.findall(source.text):
        values.setdefault(name, []).append(value)
    return values


def _around(context: Context) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """Yield the nodes around the visited one inside its function, each with the one below it, the nearest first."""
    child = context.node
    for ancestor in reversed(context.ancestors):
        if isinstance(ancestor, (cst.FunctionDef, cst.Lambda)):
            return
        yield ancestor, child
        child = ancestor


def _catches(handler: cst.ExceptHandler) -> bool:
    caught = [handler.type]
    if isinstance(handler.type, cst.Tuple):
        caught = [element.value for element in handler.type.elements]
    return any(expression is not None and _last_name(expression) in _CAUGHT for expression in caught)


def _last_name(expression: cst.BaseExpression) -> str:
    if isinstance(expression, cst.Call):
        expression = expression.func
    if isinstance(expression, cst.Attribute):
        expression = expression.attr
    return expression.value if isinstance(expression, cst.Name) else ""
