"""By what names other files reach what a call makes."""

from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context


def holders(context: Context) -> Iterator[str]:
    """Yield the names that the visited call's value is bound to, and the function around it, which may give it."""
    function = context.function()
    if isinstance(function, cst.FunctionDef):
        # With the parenthesis: of the files that mention the function, those that call it matter.
        yield f"{function.name.value}("
    for ancestor in reversed(context.ancestors):
        match ancestor:
            case cst.Assign(targets=targets):
                yield from filter(None, (_last_name(assign_target.target) for assign_target in targets))
            case cst.AnnAssign(target=target) | cst.NamedExpr(target=target):
                yield from filter(None, [_last_name(target)])
            case cst.WithItem(asname=cst.AsName(name=target)):
                yield from filter(None, [_last_name(target)])
            case cst.BaseStatement():
                return


def _last_name(target: cst.CSTNode) -> str:
    if isinstance(target, cst.Attribute):
        return target.attr.value
    return target.value if isinstance(target, cst.Name) else ""
