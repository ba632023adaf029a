"""What stands in the definition of a callee: the body of a function, the methods of a class."""

import ast

from async_lint.inference.modules.summary import body_of
from async_lint.inference.project.project import nodes
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Class, Function
from async_lint.inference.types.describe import describe
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.values import Frame, FunctionType


def inside(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> tuple[tuple[ast.AST, Frame], ...] | None:
    """Return the nodes in the definition of a callee, those of a class's bases too.

    None where it was not found, has no body (a stub, an abstract method), or inherits something that was not found.
    """
    definition = describe(evaluator.evaluate(callee, frame)).definition
    functions: list[Function] = []
    if isinstance(definition, Function):
        functions = [definition]
    elif isinstance(definition, Class):
        order = evaluator.order(definition)
        if order.missing:
            return None
        classes = [base.cls for base in order.bases if base.cls.full_name != "builtins.object"]
        functions = [function for cls in classes for function in cls.module.functions if function.owner is cls]
    if not functions or any(function.module.is_stub or not function.module.path for function in functions):
        return None
    if isinstance(definition, Function) and all(map(_says_nothing, definition.node.body)):
        return None
    return tuple(item for function in functions for item in nodes(function))


def body(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> tuple[list[ast.stmt], Frame] | None:
    """Return the statements of the very function that a callee denotes, and their frame.

    None where it was not found, has no body, or stands behind a decorator, which may do more.
    """
    denoted = evaluator.evaluate(callee, frame)
    if not isinstance(denoted, FunctionType) or denoted.function.module.is_stub or not denoted.function.module.path:
        return None
    function = denoted.function
    if function.node.decorator_list or function.is_generator:
        return None
    statements = body_of(function).statements
    if all(map(_says_nothing, statements)):
        return None
    around = denoted.frame
    inner = function_scope(function) if around is None else Frame(function.module, around, function=function)
    return statements, inner


def _says_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is what stands in place of a body."""
    return isinstance(statement, ast.Pass | ast.Raise) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
