"""Code that asks of a callable whether it is asynchronous: it knows what it does with it."""

from collections.abc import Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.inference.callables.callable_usage import ASKING
from async_lint.trees.walk import walk


def asks_about(expression: cst.BaseExpression, context: Context) -> bool:
    """Whether the outermost function around the visited node calls an `iscoroutinefunction` of the expression."""
    around: Sequence[cst.CSTNode] = [each for each in context.ancestors if isinstance(each, cst.FunctionDef)]
    wanted = _words(context.code(expression))
    found: list[cst.CSTNode] = []

    def visit(node: cst.CSTNode) -> None:
        assert isinstance(node, cst.Call)
        function = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        asking = isinstance(function, cst.Name) and ASKING.search(function.value) is not None
        if asking and any(_words(context.code(each.value)) == wanted for each in node.args):
            found.append(node)

    if around and wanted:
        walk(around[0], [], (cst.Call,), visit)
    return bool(found)


def _words(code: str) -> str:
    return "".join(code.split()).removesuffix(".__call__").removesuffix(".func")
