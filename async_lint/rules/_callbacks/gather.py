"""An iterable of coroutines, made an awaited `asyncio.gather` of them."""

from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.model import Applicability, Edit, Fix, Span
from async_lint.rules._shared.library_import import asyncio_import

# What takes the list that `gather` returns as well as the iterator that it replaces.
_TAKES_ANY_ITERABLE = frozenset(
    {"list", "tuple", "set", "frozenset", "sorted", "sum", "min", "max", "any", "all", "zip", "enumerate", "print"}
    | {"join"}
)
_ITERATES = (cst.Expr, cst.For, cst.CompFor, cst.StarredElement, cst.ComparisonTarget)


def gather_fix(call: cst.Call, path: Sequence[cst.CSTNode], context: Context) -> Fix | None:
    """Return the fix for `call`, an iterator over coroutines at the end of `path`; None where it is not that simple."""
    if not context.in_async_function(call):
        return None
    counterpart = context.counterpart(call)
    asyncio = None if counterpart is None else asyncio_import(counterpart.node, counterpart.frame, context)
    edits = None if asyncio is None else _edits(call, path, asyncio.name, context)
    if asyncio is None or edits is None:
        return None
    return Fix("Await them together with `asyncio.gather`", (*asyncio.edits, *edits), Applicability.UNSAFE)


def _edits(call: cst.Call, path: Sequence[cst.CSTNode], asyncio: str, context: Context) -> list[Edit] | None:
    parent, outer = path[-2], path[-3] if len(path) > 2 else None
    inner = context.outer_span(call)
    if isinstance(parent, cst.Arg):
        assert isinstance(outer, cst.Call)
        function = outer.func.attr if isinstance(outer.func, cst.Attribute) else outer.func
        taker = function.value if isinstance(function, cst.Name) else ""
        head = Span(context.span(outer).start, inner.start)
        if taker == "list" and len(outer.args) == 1 and not parent.star and "#" not in context.source.slice(head):
            return _in_place_of_list(outer, head, path[-4], asyncio, context)
        if taker not in _TAKES_ANY_ITERABLE:
            return None
    elif not isinstance(parent, _ITERATES):
        return None
    return [context.insert(inner.start, f"await {asyncio}.gather(*"), context.insert(inner.end, ")")]


def _in_place_of_list(call: cst.Call, head: Span, parent: cst.CSTNode, asyncio: str, context: Context) -> list[Edit]:
    # `await` binds less tightly than what follows a value.
    bare = bool(call.lpar) or not isinstance(parent, (cst.Attribute, cst.Subscript, cst.Call))
    edits = [context.replace(head, f"{'' if bare else '('}await {asyncio}.gather(*")]
    return edits if bare else [*edits, context.insert(context.span(call).end, ")")]
