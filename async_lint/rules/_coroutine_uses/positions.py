"""What a place in the syntax does with a coroutine that stands there: as a rule, nothing but fail."""

from collections.abc import Sequence
from typing import NamedTuple

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Declared, cited
from async_lint.rules._coroutine_uses.declarations import by_function, for_parameter, for_yield, rules_out
from async_lint.rules._coroutine_uses.takers import taker

_Path = Sequence[cst.CSTNode]


class Does(NamedTuple):
    """What is done with a coroutine in place of its result: `happens` is a clause whose subject is the coroutine.

    `certain` when nobody does that on purpose: a variable may be printed, or tested for None, and awaited elsewhere.
    `to_any`: nor is it done to any other awaitable, such as a future, which is more than a coroutine.
    `to_generator`: it is done to an asynchronous generator, or to the context manager that is made of one.
    """

    happens: str
    certain: bool = True
    to_any: bool = False
    to_generator: bool = False


IDLE = Does("")  # it is looked at, for what it is

_OWN = frozenset({"send", "throw", "close"})
_LITERALS = (cst.BaseNumber, cst.BaseString, cst.List, cst.Tuple, cst.Dict, cst.Set)
_TEXT = "`<coroutine object ...>`"
# What other operands may define for anything on their other side: `f() | stage`, `f() >> task`.
_OVERLOADED = (
    (cst.BitOr, cst.BitAnd, cst.BitXor, cst.LeftShift, cst.RightShift, cst.MatrixMultiply)
    + (cst.BitOrAssign, cst.BitAndAssign, cst.BitXorAssign, cst.LeftShiftAssign, cst.RightShiftAssign)
    + (cst.MatrixMultiplyAssign,)
)
_TRUTH = "is tested in place of its result, and a coroutine is always true"
_FORMATTED = Does(f"is put into a text in place of its result, as {_TEXT}", to_any=True)


def does(path: _Path, context: Context) -> Does | None:
    """Return what becomes of a coroutine, the last node of `path`; None where that cannot be told from here."""
    node, parent = path[-1], path[-2]
    match parent:
        case cst.If() | cst.While() | cst.Assert() | cst.IfExp() | cst.CompIf() if node is parent.test:
            return _truth(node)
        case cst.MatchCase() if node is parent.guard:
            return _truth(node)
        case cst.UnaryOperation():
            return _truth(node) if isinstance(parent.operator, cst.Not) else _failing("negated")
        case cst.BooleanOperation() if node is parent.left:
            return _truth(node)
        case cst.Comparison():
            return _compared(node, parent.comparisons[0].operator, parent.comparisons[0].comparator)
        case cst.ComparisonTarget():
            return _compared_to(node, parent.operator)
        case cst.BinaryOperation():
            other = parent.left if node is parent.right else parent.right
            return _calculated(node, parent.operator, other)
        case cst.AugAssign():
            return _failing("calculated with") if not isinstance(parent.operator, _OVERLOADED) else None
        case cst.FormattedStringExpression():
            return _FORMATTED._replace(certain=not isinstance(node, cst.Name))
        case cst.Match() if node is parent.subject:
            return Does(
                "is matched in place of its result, and fits no pattern that is meant for that",
                not isinstance(node, cst.Name),
            )
        case cst.Raise() | cst.From() if not (isinstance(parent, cst.From) and isinstance(path[-3], cst.Yield)):
            return _failing("raised")
        case cst.Arg():
            return _given(parent, path[:-1], context)
        case cst.Yield(value=cst.BaseExpression() as value):
            return _yielded(value, context)
    return _opened(path)


def _opened(path: _Path) -> Does | None:
    """Where something is taken out of a value."""
    node, parent = path[-1], path[-2]
    match parent:
        case cst.Attribute():
            name = parent.attr.value
            # A coroutine has these.
            if name in _OWN or name.startswith(("cr_", "__")):
                return None
            return Does(f"is asked for its attribute `{name}` in place of its result, which raises AttributeError")
        case cst.Subscript() if node is parent.value:
            return _failing("subscripted")
        case cst.Call() if node is parent.func:
            return _failing("called")
        case cst.For() | cst.CompFor() if node is parent.iter:
            return _failing("iterated over")._replace(to_generator=parent.asynchronous is not None)
        case cst.StarredElement() | cst.StarredDictElement():
            return _failing("unpacked")
        case cst.WithItem() if node is parent.item:
            asynchronous = getattr(path[-3], "asynchronous", None) is not None
            happens = "is entered in place of its result, which fails: it is no context manager"
            return Does(happens, to_generator=asynchronous)
    return None


def _given(argument: cst.Arg, above: _Path, context: Context) -> Does | None:
    call = above[-2]
    if argument.star:
        return _failing("unpacked")
    if not isinstance(call, cst.Call):
        return None
    entry = taker(call, argument, context)
    variable = isinstance(argument.value, cst.Name)
    if entry is not None:
        return Does(entry.one, entry.raises or not variable, to_any=True)
    if isinstance(call.func, cst.Name) and call.func.value == "isinstance" and len(call.args) == 2:
        ruled_out = argument is call.args[0] and rules_out(call.args[1].value, context)
        return (
            Does("is asked for its class in place of its result, and is of no such class", False) if ruled_out else None
        )
    declared = for_parameter(call, argument, context)
    if declared is not None:
        happens = f"is given in place of its result for `{declared.name}`, which is declared `{declared.text}`"
        return _of_declaration(happens, declared)
    used = by_function(call, argument, context)
    if used is None:
        return None
    place = cited(used.path, used.line)
    return Does(f"is given in place of its result to `{used.callee}`, which {used.does} ({place})")


def _yielded(value: cst.BaseExpression, context: Context) -> Does | None:
    declared = for_yield(value, context)
    if declared is None:
        return None
    happens = f"is yielded in place of its result, where `{declared.name}` is declared to give `{declared.text}`"
    return _of_declaration(happens, declared)


def _of_declaration(happens: str, declared: Declared) -> Does:
    """Return what is done with a coroutine that is put where something else is declared."""
    return Does(happens, to_any=declared.any_awaitable, to_generator=declared.async_generator)


def _truth(node: cst.CSTNode) -> Does:
    return Does(_TRUTH, not isinstance(node, cst.Name), to_any=True)


def _compared(node: cst.CSTNode, operator: cst.BaseCompOp, other: cst.BaseExpression) -> Does | None:
    """On the left of a comparison."""
    if isinstance(operator, (cst.Is, cst.IsNot)):
        if isinstance(node, cst.Name):
            return IDLE if isinstance(other, cst.Name) and other.value == "None" else None
        return Does("is compared in place of its result, and is nothing but itself")
    if isinstance(operator, (cst.In, cst.NotIn)):
        # A variable may be looked for among coroutines.
        return None if isinstance(node, cst.Name) else Does("is looked for in place of its result, and never found")
    return _compared_to(node, operator)


def _compared_to(node: cst.CSTNode, operator: cst.BaseCompOp) -> Does | None:
    """On the right of a comparison, or on the left of one that has no sides."""
    if isinstance(operator, (cst.In, cst.NotIn)):
        return _failing("searched")
    if isinstance(operator, (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)):
        return _failing("compared")
    if isinstance(node, cst.Name) and isinstance(operator, (cst.Is, cst.IsNot)):
        return None
    return Does("is compared in place of its result, and equals nothing but itself", not isinstance(node, cst.Name))


def _calculated(node: cst.CSTNode, operator: cst.BaseBinaryOp, other: cst.BaseExpression) -> Does | None:
    text = isinstance(other, cst.BaseString)
    if isinstance(operator, cst.Modulo) and text:
        return _FORMATTED._replace(certain=not isinstance(node, cst.Name))
    # A literal is of a built-in type: none of those defines an operator for coroutines.
    if isinstance(operator, _OVERLOADED) and not isinstance(other, _LITERALS):
        return None
    return _failing("calculated with")


def _failing(participle: str) -> Does:
    # A future has attributes, can be iterated over and be compared, but none of these can be done to it.
    to_any = participle in ("calculated with", "negated", "subscripted", "called")
    return Does(f"is {participle} in place of its result, which raises TypeError", to_any=to_any)
