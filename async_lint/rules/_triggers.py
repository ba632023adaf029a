"""Triggers of the rules that ask what becomes of a coroutine: calls in places where a coroutine may be lost.

Inference is asked only of calls that stand there, and not of those that a glance tells to be plain.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from async_lint.context import Facts
from async_lint.inference.answer import Kind
from async_lint.inference.scope import Frame
from async_lint.rule import Trigger
from async_lint.rules._takers import could_take

_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
_Operands = Callable[[Any], Iterator[ast.expr | None]]

_WANTED = frozenset({Kind.COROUTINE, Kind.AWAITABLE, Kind.ASYNC_GENERATOR, Kind.ASYNC_CONTEXT})
# Calls that take coroutines: no parameter of theirs is declared to be something else.
_HAND_ON = frozenset(
    ["add", "append", "as_completed", "create_task", "ensure_future", "gather", "put", "put_nowait", "run"]
    + ["run_coroutine_threadsafe", "run_until_complete", "shield", "start_soon", "wait", "wait_for"]
)


def _could_lose(operands: _Operands, wanted: frozenset[Kind] = _WANTED) -> Trigger:
    def could_report(node: ast.AST, facts: Facts) -> bool:
        for expression in operands(node):
            if expression is not None:
                for call, comprehension in _made(expression, None):
                    if _is_lost(call, comprehension, facts, wanted):
                        return True
        return False

    return could_report


def _made(expression: ast.expr, around: _Comprehension | None) -> Iterator[tuple[ast.Call, _Comprehension | None]]:
    """Yield the calls whose results an expression gives or holds, each with the comprehension around it."""
    match expression:
        case ast.Call():
            yield expression, around
        case ast.IfExp():
            yield from _made(expression.body, around)
            yield from _made(expression.orelse, around)
        case ast.BoolOp(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for each in parts:
                yield from _made(each, around)
        case ast.Dict():
            for each in expression.values:
                yield from _made(each, around)
        case ast.NamedExpr() | ast.Starred():
            yield from _made(expression.value, around)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() if around is None:
            yield from _made(expression.elt, expression)
        case ast.DictComp() if around is None:
            yield from _made(expression.value, expression)


def _is_lost(call: ast.Call, comprehension: _Comprehension | None, facts: Facts, wanted: frozenset[Kind]) -> bool:
    if _last_word(call)[:1].isupper() or facts.is_plain(call):
        return False
    outer = facts.frame
    if comprehension is None:
        return facts.kind_of(call).kind in wanted
    facts.frame = Frame(outer.module, outer, node=comprehension)
    try:
        return facts.kind_of(call).kind in wanted
    finally:
        facts.frame = outer


def _last_word(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _of_call(node: ast.Call) -> Iterator[ast.expr | None]:
    yield node.func
    given = [*node.args, *(each.value for each in node.keywords)]
    if could_take(node):
        yield from given
    elif _last_word(node) not in _HAND_ON:
        yield from (each for each in given if isinstance(each, ast.Call | ast.IfExp))


def _added(node: ast.Call) -> Iterator[ast.expr | None]:
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("append", "add", "extend", "update"):
        yield from node.args


def _of_comprehension(node: _Comprehension) -> Iterator[ast.expr | None]:
    for each in node.generators:
        yield each.iter
        yield from each.ifs


def _of_unary(node: ast.UnaryOp | ast.BinOp | ast.Compare | ast.BoolOp) -> Iterator[ast.expr | None]:
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.expr):
            yield each


def _test(node: ast.If | ast.While | ast.Assert | ast.IfExp) -> Iterator[ast.expr | None]:
    yield node.test


def _value(node: Any) -> Iterator[ast.expr | None]:
    """Of an assignment, of an attribute, of a subscript."""
    yield node.value


def _iter(node: ast.For | ast.AsyncFor) -> Iterator[ast.expr | None]:
    yield node.iter


def _items(node: ast.With | ast.AsyncWith) -> Iterator[ast.expr | None]:
    yield from (each.context_expr for each in node.items)


def _raised(node: ast.Raise) -> Iterator[ast.expr | None]:
    yield node.exc
    yield node.cause


def _subject(node: ast.Match) -> Iterator[ast.expr | None]:
    yield node.subject
    yield from (each.guard for each in node.cases)


def _unpacked(node: ast.Dict) -> Iterator[ast.expr | None]:
    yield from (value for key, value in zip(node.keys, node.values, strict=True) if key is None)


_BINDING: dict[type[ast.AST], _Operands] = {
    ast.Assign: _value,
    ast.AnnAssign: _value,
    ast.NamedExpr: _value,
    ast.AugAssign: _value,
}
_STANDING: dict[type[ast.AST], _Operands] = {
    ast.Attribute: _value,
    ast.Subscript: _value,
    ast.FormattedValue: _value,
    ast.Starred: _value,
    ast.If: _test,
    ast.While: _test,
    ast.Assert: _test,
    ast.IfExp: _test,
    ast.UnaryOp: _of_unary,
    ast.BinOp: _of_unary,
    ast.Compare: _of_unary,
    ast.BoolOp: _of_unary,
    ast.For: _iter,
    ast.With: _items,
    ast.Raise: _raised,
    ast.Match: _subject,
    ast.Dict: _unpacked,
    ast.ListComp: _of_comprehension,
    ast.SetComp: _of_comprehension,
    ast.DictComp: _of_comprehension,
    ast.GeneratorExp: _of_comprehension,
    ast.Call: _of_call,
}

BINDING: Mapping[type[ast.AST], Trigger] = {
    **{node: _could_lose(operands) for node, operands in _BINDING.items()},
    ast.Call: _could_lose(_added),
}
STANDING: Mapping[type[ast.AST], Trigger] = {
    **{node: _could_lose(operands) for node, operands in {**_BINDING, **_STANDING}.items()},
    # These are where asynchronous generators and context managers belong.
    ast.AsyncFor: _could_lose(_iter, frozenset({Kind.COROUTINE})),
    ast.AsyncWith: _could_lose(_items, frozenset({Kind.COROUTINE})),
}
