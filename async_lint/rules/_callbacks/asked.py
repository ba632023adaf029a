"""Code that asks of a callable whether it is asynchronous: it knows what it does with it."""

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import ASKING
from async_lint.trees.walk import walk


def asks_about(expression: cst.BaseExpression, context: Context) -> bool:
    """Whether the outermost function around the visited node calls an `iscoroutinefunction` of the expression."""
    around = next((ancestor for ancestor in context.ancestors if isinstance(ancestor, cst.FunctionDef)), None)
    if around is None:
        return False
    asked = context.slice.once(_asked, around)
    if not asked:
        return False
    wanted = _words(context.code(expression))
    return bool(wanted) and any(_words(context.code(argument)) == wanted for argument in asked)


def _asked(function: cst.FunctionDef) -> list[cst.BaseExpression]:
    arguments: list[cst.BaseExpression] = []

    def visit(node: cst.CSTNode) -> None:
        assert isinstance(node, cst.Call)
        callee = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        if isinstance(callee, cst.Name) and ASKING.search(callee.value):
            arguments.extend(argument.value for argument in node.args)

    walk(function, [], (cst.Call,), visit)
    return arguments


def _words(code: str) -> str:
    # To ask about the function in a `partial`, or the `__call__` of an object, is to ask about the callable.
    return "".join(code.split()).removesuffix(".__call__").removesuffix(".func")
