"""Triggers of the rules that ask what becomes of a coroutine: calls in places where a coroutine may be lost.

Inference is asked only of calls that stand there, and not of those that a glance tells to be plain.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from async_lint.context import Facts
from async_lint.inference.face import Frame, Kind, last_name
from async_lint.rule import Trigger
from async_lint.rules._coroutine_uses.takers import could_take

_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
_Operands = Callable[[Any], Iterable[ast.expr | None]]

_Wanted = Callable[[ast.Call, Facts], bool]

_KINDS = frozenset({Kind.COROUTINE, Kind.AWAITABLE, Kind.ASYNC_GENERATOR, Kind.ASYNC_CONTEXT})
# Calls that take coroutines: no parameter of theirs is declared to be something else.
_HAND_ON = frozenset(
    ["add", "append", "as_completed", "create_task", "ensure_future", "gather", "put", "put_nowait", "run"]
    + ["run_coroutine_threadsafe", "run_until_complete", "shield", "start_soon", "wait", "wait_for"]
)
_RESULTS = frozenset({ast.Call, ast.IfExp})
# Expressions that give or hold what calls made.
_HOLDING = _RESULTS | {
    ast.BoolOp, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.NamedExpr, ast.Starred,
    ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp,
}  # fmt: skip


def _is_known(call: ast.Call, facts: Facts) -> bool:
    return facts.kind_of(call).kind in _KINDS


def _is_coroutine(call: ast.Call, facts: Facts) -> bool:
    return facts.kind_of(call).kind is Kind.COROUTINE


def _could_lose(operands: _Operands, wanted: _Wanted) -> Trigger:
    def could_report(node: ast.AST, facts: Facts) -> bool:
        given = (operand for operand in operands(node) if operand is not None and type(operand) in _HOLDING)
        return any(_loses(operand, facts, wanted) for operand in given)

    return could_report


def _could_lose_field(name: str, wanted: _Wanted) -> Trigger:
    """The same for nodes with one operand: most nodes are such, and hold a name."""

    def could_report(node: ast.AST, facts: Facts) -> bool:
        expression = getattr(node, name)
        return type(expression) in _HOLDING and _loses(expression, facts, wanted)

    return could_report


def _loses(expression: ast.expr, facts: Facts, wanted: _Wanted) -> bool:
    return any(_is_lost(call, comprehension, facts, wanted) for call, comprehension in _made(expression, None))


def _could_be_given(wanted: _Wanted) -> Trigger:
    def could_report(node: ast.Call, facts: Facts) -> bool:
        operands = (node.func, *node.args, *[keyword.value for keyword in node.keywords])
        given = [operand for operand in operands if type(operand) in _HOLDING]
        return bool(given) and _gives(node, given, facts, wanted)

    return could_report


def _gives(node: ast.Call, given: Iterable[ast.expr], facts: Facts, wanted: _Wanted) -> bool:
    word, takes = last_name(node.func), could_take(node)
    # `**f()` unpacks what it is given.
    known = takes or word == "isinstance" or any(keyword.arg is None for keyword in node.keywords)
    for expression in given:
        # A display or a comprehension may be handed on whole.
        if expression is not node.func and not takes and (word in _HAND_ON or type(expression) not in _RESULTS):
            continue
        for call, comprehension in _made(expression, None):
            if _is_lost(call, comprehension, facts, wanted):
                if known or call is node.func or call is not expression or _is_refused(call, node, facts):
                    return True
    return False


def _is_refused(argument: ast.Call, call: ast.Call, facts: Facts) -> bool:
    """Whether what a call is given is no coroutine, by what the parameter is declared, or by what is done with it."""
    view, frame = facts.view, facts.frame
    return bool(view.uses.parameter_declared(call, argument, frame) or view.uses.argument_used(call, argument, frame))


def _made(expression: ast.expr, around: _Comprehension | None) -> Iterator[tuple[ast.Call, _Comprehension | None]]:
    """Yield the calls whose results an expression gives or holds, each with the comprehension around it."""
    match expression:
        case ast.Call():
            yield expression, around
        case ast.IfExp():
            yield from _made(expression.body, around)
            yield from _made(expression.orelse, around)
        case ast.BoolOp(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from _made(part, around)
        case ast.Dict():
            for part in expression.values:
                yield from _made(part, around)
        case ast.NamedExpr() | ast.Starred():
            yield from _made(expression.value, around)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() if around is None:
            yield from _made(expression.elt, expression)
        case ast.DictComp() if around is None:
            yield from _made(expression.value, expression)


def _is_lost(call: ast.Call, comprehension: _Comprehension | None, facts: Facts, wanted: _Wanted) -> bool:
    # By the look of its name a class: its instances are no coroutines.
    if last_name(call.func)[:1].isupper() or facts.is_plain(call):
        return False
    outer = facts.frame
    if comprehension is None:
        return wanted(call, facts)
    # The targets of a comprehension are names of its own scope.
    facts.frame = Frame(outer.module, outer, node=comprehension)
    try:
        return wanted(call, facts)
    finally:
        facts.frame = outer


def _added(node: ast.Call) -> Iterable[ast.expr | None]:
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("append", "add", "extend", "update"):
        return node.args
    return ()


def _of_comprehension(node: _Comprehension) -> Iterator[ast.expr | None]:
    for generator in node.generators:
        yield generator.iter
        yield from generator.ifs


def _sides(node: ast.BinOp) -> Iterable[ast.expr | None]:
    return node.left, node.right


def _compared(node: ast.Compare) -> Iterable[ast.expr | None]:
    return node.left, *node.comparators


def _values(node: ast.BoolOp) -> Iterable[ast.expr | None]:
    return node.values


def _items(node: ast.With | ast.AsyncWith) -> Iterable[ast.expr | None]:
    return [item.context_expr for item in node.items]


def _raised(node: ast.Raise) -> Iterable[ast.expr | None]:
    return node.exc, node.cause


def _subject(node: ast.Match) -> Iterable[ast.expr | None]:
    return node.subject, *(case.guard for case in node.cases)


def _unpacked(node: ast.Dict) -> Iterable[ast.expr | None]:
    return [value for key, value in zip(node.keys, node.values, strict=True) if key is None]


# Nodes with one operand, by the field that holds it.
_BOUND: dict[type[ast.AST], str] = {
    ast.Assign: "value",
    ast.AnnAssign: "value",
    ast.NamedExpr: "value",
    ast.AugAssign: "value",
}
_OPERAND: dict[type[ast.AST], str] = {
    ast.Attribute: "value",
    ast.Subscript: "value",
    ast.FormattedValue: "value",
    ast.Starred: "value",
    ast.If: "test",
    ast.While: "test",
    ast.Assert: "test",
    ast.IfExp: "test",
    ast.UnaryOp: "operand",
    ast.For: "iter",
    ast.Yield: "value",
}
_OPERANDS: dict[type[ast.AST], _Operands] = {
    ast.BinOp: _sides,
    ast.Compare: _compared,
    ast.BoolOp: _values,
    ast.With: _items,
    ast.Raise: _raised,
    ast.Match: _subject,
    ast.Dict: _unpacked,
    ast.ListComp: _of_comprehension,
    ast.SetComp: _of_comprehension,
    ast.DictComp: _of_comprehension,
    ast.GeneratorExp: _of_comprehension,
}


def standing(wanted: Callable[[ast.Call, Facts], bool]) -> dict[type[ast.AST], Trigger]:
    """Return triggers for what stands where a value belongs, of calls that `wanted` holds for."""
    return {
        **{node: _could_lose_field(name, wanted) for node, name in {**_BOUND, **_OPERAND}.items()},
        **{node: _could_lose(operands, wanted) for node, operands in _OPERANDS.items()},
        ast.Call: _could_be_given(wanted),
    }


BINDING: Mapping[type[ast.AST], Trigger] = {
    **{node: _could_lose_field(name, _is_known) for node, name in _BOUND.items()},
    ast.Call: _could_lose(_added, _is_known),
}
STANDING: Mapping[type[ast.AST], Trigger] = {
    **standing(_is_known),
    # These are where asynchronous generators and context managers belong.
    ast.AsyncFor: _could_lose_field("iter", _is_coroutine),
    ast.AsyncWith: _could_lose(_items, _is_coroutine),
}
