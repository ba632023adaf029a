"""What a `try` converts, where nothing else in it can fail as it is caught."""

from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.casts import uncast
from async_lint.rules._exceptions.conversions import NUMBERS, failures_of, without_follow_up

_ARITHMETIC = (cst.Add, cst.Divide, cst.FloorDivide, cst.Modulo, cst.Multiply, cst.Subtract)


def steps_of(statement: cst.Try, context: Context) -> list[cst.Call]:
    """Return the calls by which a `try` converts something: one, or several that make numbers or days of texts.

    Empty where something else may fail. To reckon with such a number, to name it and to return it cannot.
    """
    lines = statement.body.body
    small = [part for line in lines if isinstance(line, cst.SimpleStatementLine) for part in line.body]
    if len(small) < len(lines):
        return []
    steps: list[cst.Call] = []
    numbers: set[str] = set()
    for part in small:
        worked_out = _worked_out(part)
        if worked_out is None:
            return []
        found: list[cst.Call] = []
        for value in _elements(worked_out):
            if (step := _step(value, context)) is not None:
                found.append(step)
            elif not isinstance(value, cst.Name) and not _is_reckoned(value, numbers):
                return []
        steps += found
        if all(_is_number(step, context) for step in found):
            numbers.update(_names(part))
    is_one = len(small) == len(steps) == 1
    return steps if is_one or all(failures_of(step, context) for step in steps) else []


def _worked_out(statement: cst.BaseSmallStatement) -> cst.BaseExpression | None:
    """Return all that a statement works out, to give it a plain name at the most."""
    match statement:
        case cst.Assign(targets=[cst.AssignTarget(target=target)], value=value) if is_plain(target):
            return value
        case cst.AnnAssign(target=target, value=value) if is_plain(target):
            return value
        case cst.Return(value=value):
            return value
        case cst.Expr(value=value):
            return value
    return None


def _names(statement: cst.BaseSmallStatement) -> Iterator[str]:
    match statement:
        case (
            cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))])
            | cst.AnnAssign(target=cst.Name(value=name))
        ):
            yield name


def _elements(value: cst.BaseExpression) -> list[cst.BaseExpression]:
    return [element.value for element in value.elements] if isinstance(value, cst.Tuple) else [value]


def _step(value: cst.BaseExpression, context: Context) -> cst.Call | None:
    value = without_follow_up(uncast(value, context))
    while isinstance(value, cst.Attribute):
        value = value.value
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, _ARITHMETIC):
        operands = [part for part in (value.left, value.right) if not isinstance(part, cst.BaseNumber)]
        step = _step(operands[0], context) if len(operands) == 1 else None
        return step if step is not None and _is_number(step, context) else None
    return value if isinstance(value, cst.Call) else None


def _is_number(step: cst.Call, context: Context) -> bool:
    return context.is_called(step, *NUMBERS)


def _is_reckoned(value: cst.BaseExpression, numbers: set[str]) -> bool:
    """Whether a value is made of `numbers` and of those that are written out."""
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, _ARITHMETIC):
        return _is_reckoned(value.left, numbers) and _is_reckoned(value.right, numbers)
    return isinstance(value, cst.BaseNumber) or (isinstance(value, cst.Name) and value.value in numbers)


def is_plain(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Attribute):
        return is_plain(node.value)
    return isinstance(node, (cst.Name, cst.SimpleString))
