"""Coroutines among what is handed to something that takes tasks and futures: `asyncio.wait([f()])`."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context, Facts
from async_lint.inference.face import Kind
from async_lint.rules._callbacks.consumers import Handed, could_be_named, given_in, named
from async_lint.rules._shared.names import bindings, leaves, own_nodes
from async_lint.rules._shared.reads import reads

_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.GeneratorExp)
_DISPLAYS = (cst.List, cst.Set, cst.Tuple)
_ADDS = frozenset({"append", "add"})


def could_wait(call: ast.Call, facts: Facts, rule: str) -> bool:
    return could_be_named("waiter", rule, call.func, facts)


def waited(call: cst.Call, rule: str, context: Context) -> Handed | None:
    """Return the first coroutine that the call hands to something that refuses coroutines."""
    for waiter in named("waiter", rule, call.func, context):
        waited_for = waiter.argument(given_in(call))
        for element in _elements(waited_for, context):
            if isinstance(element, cst.Call) and (answer := context.kind_of(element)).kind is Kind.COROUTINE:
                return Handed(waiter, element, answer)
    return None


def _elements(iterable: cst.BaseExpression | None, context: Context) -> Iterator[cst.BaseExpression]:
    """Yield what is known to be in a collection; of a local name, what it is bound to once and what is added to it."""
    if isinstance(iterable, _DISPLAYS):
        yield from (element.value for element in iterable.elements if isinstance(element, cst.Element))
    elif isinstance(iterable, _COMPREHENSIONS):
        yield iterable.elt
    elif isinstance(iterable, cst.Name):
        function = context.function()
        if not isinstance(function, cst.FunctionDef):
            return
        values = [binding.value for binding in bindings(function.body) if binding.name == iterable.value]
        # A name with several bindings may hold something else by then.
        made = len(values) == 1 and isinstance(values[0], (*_DISPLAYS, *_COMPREHENSIONS))
        if made and not _is_replaced_in(iterable.value, function):
            yield from _elements(values[0], context)
            yield from _added(iterable.value, function)


def _is_replaced_in(name: str, function: cst.FunctionDef) -> bool:
    """Whether elements of a list are replaced in place: `jobs[i] = asyncio.create_task(jobs[i])`."""
    assigned = (node for node in own_nodes(function.body) if isinstance(node, cst.Assign))
    targets = (leaf for node in assigned for target in node.targets for leaf in leaves(target.target))
    return any(
        isinstance(target, cst.Subscript) and isinstance(target.value, cst.Name) and target.value.value == name
        for target in targets
    )


def _added(name: str, function: cst.FunctionDef) -> Iterator[cst.BaseExpression]:
    for *_, call, method, _name in reads(name, function, ()):
        if isinstance(method, cst.Attribute) and method.attr.value in _ADDS and isinstance(call, cst.Call):
            yield from (argument.value for argument in call.args)
