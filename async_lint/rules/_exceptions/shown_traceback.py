"""A new exception whose text holds the traceback of the caught one: nothing of that gets lost."""

import ast
import re

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import Site, descendants
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


def calls_for_traceback(raised: cst.BaseExpression, context: Context) -> bool:
    """Whether the new exception is made with what a function of the project gives, and that is the traceback."""
    counterpart = context.counterpart(raised)
    if counterpart is None or not isinstance(counterpart.node, ast.Call):
        return False
    frame, view = counterpart.frame, context.view
    given = [*counterpart.node.args, *(keyword.value for keyword in counterpart.node.keywords)]
    for node in (node for value in given for node in descendants(value)):
        results = view.project.results(Site(node, frame)) if isinstance(node, ast.Call) else None
        if results and all(
            isinstance(result, ast.Call) and view.names.name_of(result.func, scope) in _WHOLE
            for result, scope in results
        ):
            return True
    return False


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
