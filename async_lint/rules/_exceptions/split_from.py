"""A text that was cut into parts: to quote the whole is to quote each of them."""

import libcst as cst

from async_lint.context import Context
from async_lint.rules._exceptions.quoted import quotes
from async_lint.rules._shared.names import Binding, bindings, rebinds

_CUTTING = frozenset({"partition", "rpartition", "rsplit", "split", "splitlines"})


def quotes_whole(texts: list[cst.CSTNode], part: cst.BaseExpression, context: Context) -> bool:
    """Whether `line` stands in one of `texts`, where `part` is `fields[1]`, or `key`, of `fields = line.split()`."""
    name = part.value if isinstance(part, cst.Subscript) else part
    function = context.function()
    if not isinstance(name, cst.Name) or not isinstance(function, cst.FunctionDef):
        return False
    bound = list(bindings(function.body))
    cut = [one for one in bound if one.name == name.value]
    whole = _whole(cut[0]) if len(cut) == 1 else None
    if whole is None or not quotes(texts, whole, context):
        return False
    start = context.span(cut[0].node).start
    return not any(rebinds(one.node, whole.value) and context.span(one.node).start >= start for one in bound)


def _whole(binding: Binding) -> cst.Name | None:
    match binding.node:
        case cst.Assign(value=cst.Call(func=cst.Attribute(value=cst.Name() as whole, attr=cst.Name(value=method)))) if (
            method in _CUTTING
        ):
            return whole
    return None
