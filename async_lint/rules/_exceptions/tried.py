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
        value = worked_out(part)
        if value is None:
            return []
        found: list[cst.Call] = []
        for element in _elements(value):
            if calls := _steps(element, context):
                found += calls
            elif not isinstance(element, cst.Name) and not _is_reckoned(element, numbers):
                return []
        steps += found
        if all(_is_number(step, context) for step in found):
            numbers.update(_names(part))
    is_one = len(small) == len(steps) == 1
    return steps if is_one or all(failures_of(step, context) for step in steps) else []


def worked_out(statement: cst.BaseSmallStatement) -> cst.BaseExpression | None:
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


def _steps(value: cst.BaseExpression, context: Context) -> list[cst.Call]:
    """Return the call that a value is, or those of numbers that are reckoned with; none where there is more to it."""
    value = without_follow_up(uncast(value, context))
    while isinstance(value, cst.Attribute):
        value = value.value
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, _ARITHMETIC):
        operands = [part for part in (value.left, value.right) if not isinstance(part, cst.BaseNumber)]
        found = [_steps(operand, context) for operand in operands]
        steps = [step for calls in found for step in calls]
        return steps if all(found) and all(_is_number(step, context) for step in steps) else []
    return [value] if isinstance(value, cst.Call) else []


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


def key_of(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """Return the `key` of `holder[key]`, where both are plain or the key is a number; None for anything else."""
    match node:
        case cst.Subscript(value=holder, slice=[cst.SubscriptElement(slice=cst.Index(value=key, star=None))]):
            return key if is_plain(holder) and (is_plain(key) or isinstance(key, cst.Integer)) else None
    return None
