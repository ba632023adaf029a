"""Code that asks of a callable whether it is asynchronous: it knows what it does with it."""

import ast
from collections.abc import Iterator

import libcst as cst

from async_lint.context import Context
from async_lint.inference.face import ASKING, Frame, ModuleView, last_name
from async_lint.trees.walk import walk

_STEPS = 4  # from a property to the attribute behind it, and to what that was given


def asks_about(expression: cst.BaseExpression, context: Context) -> bool:
    """Whether the outermost function around the visited node calls an `iscoroutinefunction` of the expression.

    So does a test that reads where the owner of the expression keeps the answer: `if job.is_async:`, for `job.work`.
    """
    around = next((ancestor for ancestor in context.ancestors if isinstance(ancestor, cst.FunctionDef)), None)
    if around is None:
        return False
    asked = context.slice.once(_asked, around)
    wanted = _words(context.code(expression)) if asked else ""
    if wanted and any(_words(context.code(argument)) == wanted for argument in asked):
        return True
    return isinstance(expression, cst.Attribute) and _is_answered_by_owner(expression, around, context)


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


def _is_answered_by_owner(expression: cst.Attribute, function: cst.FunctionDef, context: Context) -> bool:
    found = context.counterpart(expression)
    if found is None:
        return False
    owner = context.code(expression.value)
    meant = {(ast.unparse(node), frame.function) for node, frame in _back(found.node, found.frame, context.view)}
    for read in context.slice.once(_tested, function):
        flag = context.counterpart(read) if context.code(read.value) == owner else None
        for node, frame in _back(flag.node, flag.frame, context.view) if flag is not None else ():
            if isinstance(node, ast.Call) and ASKING.search(last_name(node.func)):
                if any((ast.unparse(argument), frame.function) in meant for argument in node.args):
                    return True
    return False


def _tested(function: cst.FunctionDef) -> list[cst.Attribute]:
    """Return the attributes that the tests in a function read."""
    read: list[cst.Attribute] = []

    def visit(node: cst.CSTNode) -> None:
        assert isinstance(node, cst.If | cst.IfExp)
        walk(node.test, [], (cst.Attribute,), lambda part: read.append(cst.ensure_type(part, cst.Attribute)))

    walk(function, [], (cst.If, cst.IfExp), visit)
    return read


def _back(expression: ast.expr, frame: Frame, view: ModuleView) -> Iterator[tuple[ast.expr, Frame]]:
    """Yield an expression, and what it stands for step by step: behind a property, an attribute, a name."""
    level: list[tuple[ast.expr, Frame]] = [(expression, frame)]
    for _ in range(_STEPS):
        yield from level
        level = [source for one in level for source in view.project.sources(*one).seen]
