"""A new exception whose text holds the traceback of the caught one: nothing of that gets lost."""

import re

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.handlers import Handler, caught_name
from async_lint.rules._shared.names import bindings, mentions, own_nodes

_SHOWS_TRACEBACK = re.compile(r"\bformat_exc(?:eption)?\(")
_WHOLE = frozenset({"traceback.format_exc", "traceback.format_exception"})
# Of these, the lines of the stack alone may be taken.
_STACKS = frozenset({"traceback.format_list", "traceback.format_tb"})
_OBJECTS = frozenset({"traceback.TracebackException", "traceback.TracebackException.from_exception"})


def shows_traceback(raised: cst.BaseExpression, handler: Handler, context: Context) -> bool:
    if _SHOWS_TRACEBACK.search(context.code(raised)):
        return True
    name = caught_name(handler)
    made_with = _made_with(raised, handler)
    called = {
        context.name_of(part.func) for node in made_with for part in own_nodes(node) if isinstance(part, cst.Call)
    }
    if not called.isdisjoint(_WHOLE | _OBJECTS):
        return True
    # The lines of a stack do not say what was raised.
    of_caught = name is not None and any(_has_traceback_of(name, node) for node in made_with)
    return not called.isdisjoint(_STACKS) and of_caught and mentions(raised, name or "")


def _made_with(raised: cst.BaseExpression, handler: Handler) -> list[cst.BaseExpression]:
    """Return what is raised, and what the handler bound the names in it to, and those in that."""
    values = [binding for binding in bindings(handler.body) if binding.value is not None]
    found = [raised]
    for node in found:
        for binding in values:
            if binding.value is not None and binding.value not in found and mentions(node, binding.name):
                found.append(binding.value)
    return found


def _has_traceback_of(name: str, node: cst.BaseExpression) -> bool:
    return any(
        isinstance(part, cst.Attribute) and part.attr.value == "__traceback__" and mentions(part.value, name)
        for part in own_nodes(node)
    )
