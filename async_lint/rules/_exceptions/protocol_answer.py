"""Exceptions that a special method raises to say that there is no such thing: `hasattr` and the like take them in."""

import ast
from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Function, Raised
from async_lint.rules._exceptions.exceptions import classes_caught
from async_lint.rules._exceptions.handlers import Handler, caught_name

_NO_ATTRIBUTE = "builtins.AttributeError"
_NO_ITEM = "builtins.LookupError"
# `next` has its own: StopIteration ends something on purpose wherever it is raised.
_ANSWERS = {
    "__getattr__": _NO_ATTRIBUTE,
    "__delattr__": _NO_ATTRIBUTE,
    "__delitem__": _NO_ITEM,
    "__getitem__": _NO_ITEM,
    "__missing__": "builtins.KeyError",
}
_LOOKUPS = frozenset({_NO_ATTRIBUTE, "builtins.IndexError", "builtins.KeyError"})


def is_protocol_answer(raised: cst.BaseExpression, handler: Handler, made: Sequence[Raised], context: Context) -> bool:
    """Whether `raise raised` tells, as the protocol of its special method has it, that a lookup found nothing."""
    counterpart = context.counterpart(raised)
    function = counterpart.frame.function if counterpart is not None else None
    # What an `async def` raises comes when it is awaited: no lookup takes that in.
    if function is None or function.is_async:
        return False
    answer = _ANSWERS.get(_special_name(function))
    if answer is None or handler.type is None or not all(answer in new.lineage.names for new in made):
        return False
    # Beside classes, modules have a `__getattr__`.
    if function.owner is None and (function.outer is not None or function.name != "__getattr__"):
        return False
    caught = classes_caught(handler.type, context)
    # Any other failure is no answer, and needs its cause; so does an item that fails for lack of an attribute, unless
    # that one says which.
    says_the_same = _says_the_same(raised, handler, context)
    lookups = _LOOKUPS - {_NO_ATTRIBUTE} if answer == _NO_ITEM and not says_the_same else _LOOKUPS
    return bool(caught) and all(not lookups.isdisjoint(lineage.names) for lineage in caught)


def _says_the_same(raised: cst.BaseExpression, handler: Handler, context: Context) -> bool:
    """Whether the new exception is made with the text of the caught one, and with nothing else."""
    match raised:
        case cst.Call(args=[cst.Arg(value=text, star="")]):
            name = caught_name(handler)
            return name is not None and context.code(text) in (f"{name}.args[0]", f"str({name})")
    return False


def _special_name(function: Function) -> str:
    """Return the name that a function is called by: in its class, `__getitem__ = _getitem` may give it another."""
    table = function.owner.table if function.owner is not None and function.outer is None else {}
    for name in _ANSWERS:
        for binding in table.get(name, ())[-1:]:
            if isinstance(binding.value, ast.Name) and binding.value.id == function.name:
                return name
    return function.name
