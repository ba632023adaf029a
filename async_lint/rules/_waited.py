"""Coroutines among what is handed to something that takes tasks and futures: `asyncio.wait([f()])`."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.answer import Kind
from async_lint.rules._consumers import Handed, by_last_name, given_in
from async_lint.rules._names import bindings
from async_lint.rules._reads import reads

_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.GeneratorExp)
_DISPLAYS = (cst.List, cst.Set, cst.Tuple)
_ADDS = frozenset({"append", "add"})


def could_wait(call: ast.Call, facts: Facts, rule: str) -> bool:
    last = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    candidates = by_last_name("waiter", rule).get(last)
    if candidates is None or not (call.args or call.keywords):
        return False
    name = facts.name_of(call.func)
    return name is not None and any(each.is_named(name, facts.canonical) for each in candidates)


def waited(call: cst.Call, rule: str, context: Context) -> Handed | None:
    """Return the first coroutine that the call hands to something that refuses coroutines."""
    last = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    candidates = by_last_name("waiter", rule).get(last.value, ()) if isinstance(last, cst.Name) else ()
    name = context.name_of(call.func) if candidates else None
    for each in candidates:
        waited_for = each.argument(given_in(call))
        if name is None or waited_for is None or not each.is_named(name, context.canonical):
            continue
        for element in _elements(waited_for, context):
            if isinstance(element, cst.Call) and (answer := context.kind_of(element)).kind is Kind.COROUTINE:
                return Handed(each, element, answer)
    return None


def _elements(iterable: cst.BaseExpression, context: Context) -> Iterator[cst.BaseExpression]:
    """Yield what is known to be in a collection; of a local name, what it is bound to once and what is added to it."""
    if isinstance(iterable, _DISPLAYS):
        yield from (each.value for each in iterable.elements if isinstance(each, cst.Element))
    elif isinstance(iterable, _COMPREHENSIONS):
        yield iterable.elt
    elif isinstance(iterable, cst.Name):
        function = context.function()
        if not isinstance(function, cst.FunctionDef):
            return
        values = [each.value for each in bindings(function.body) if each.name == iterable.value]
        if len(values) == 1 and isinstance(values[0], (*_DISPLAYS, *_COMPREHENSIONS)):
            yield from _elements(values[0], context)
            yield from _added(iterable.value, function)


def _added(name: str, function: cst.FunctionDef) -> Iterator[cst.BaseExpression]:
    for *_, call, method, _name in reads(name, function, ()):
        if isinstance(method, cst.Attribute) and method.attr.value in _ADDS and isinstance(call, cst.Call):
            yield from (each.value for each in call.args)
