"""What stands in the definition of a callee: the body of a function, the methods of a class."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from async_lint.inference.modules.summary import body_of
from async_lint.inference.project.project import MAX_MENTIONS, Project
from async_lint.inference.project.searches import modules_of, nodes
from async_lint.inference.questions.evaluator import Evaluator, Subclasses
from async_lint.inference.syntax.binding import Class, Function, Module
from async_lint.inference.types.describe import describe
from async_lint.inference.types.scope import definition_scope, function_scope
from async_lint.inference.types.values import ClassType, Frame, FunctionType, Instance

Body = tuple[list[ast.stmt], Frame]

_TRANSPARENT = frozenset(
    {"builtins.staticmethod", "builtins.classmethod", "typing.final", "typing.override"}
    | {"typing_extensions.final", "typing_extensions.override"}
)
_LEFT_TO_OTHERS = "builtins.NotImplementedError"


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
    if isinstance(definition, Function) and all(map(_says_nothing, definition.whole().body)):
        return None
    return _nodes(tuple(functions), tuple(function.whole() for function in functions))


# A function may be called a thousand times by one other; its node tells it from a later reading of it.
@lru_cache(maxsize=1)
def _nodes(functions: tuple[Function, ...], _: tuple[ast.AST, ...]) -> tuple[tuple[ast.AST, Frame], ...]:
    return tuple(item for function in functions for item in nodes(function))


def body(evaluator: Evaluator, callee: ast.expr, frame: Frame) -> Body | None:
    """Return the statements of the very function that a callee denotes, and their frame.

    None where it was not found, has no body, or stands behind a decorator that may do more.
    """
    denoted = evaluator.evaluate(callee, frame)
    if not isinstance(denoted, FunctionType) or not is_itself(evaluator, denoted.function):
        return None
    function = denoted.function
    statements = body_of(function).statements
    if all(_says_nothing(statement) and not _refuses(evaluator, statement, function) for statement in statements):
        return None
    around = denoted.frame
    inner = function_scope(function) if around is None else Frame(function.module, around, function=function)
    return statements, inner


def _adds_nothing(evaluator: Evaluator, decorator: ast.expr, function: Function) -> bool:
    """Whether a decorator leaves it to the function what a call does."""
    return describe(evaluator.evaluate(decorator, definition_scope(function))).name in _TRANSPARENT


def bodies(evaluator: Evaluator, heirs: Subclasses, callee: ast.expr, frame: Frame) -> tuple[Body, ...] | None:
    """Return the same of a function and, for a method, of those that override it in the project.

    None where one of them cannot be told.
    """
    own = body(evaluator, callee, frame)
    denoted = evaluator.evaluate(callee, frame)
    if own is None or not isinstance(denoted, FunctionType):
        return None
    if not isinstance(denoted.bound, Instance | ClassType):
        return (own,)
    others = overriding(evaluator, heirs, callee, frame)
    return (own, *others) if others is not None else None


def overriding(evaluator: Evaluator, heirs: Subclasses, callee: ast.expr, frame: Frame) -> tuple[Body, ...] | None:
    """Return the same of the methods alone that override one in the project: an abstract one has no body itself."""
    denoted = evaluator.evaluate(callee, frame)
    if not isinstance(denoted, FunctionType) or not isinstance(denoted.bound, Instance | ClassType):
        return None
    below = heirs.of(denoted.bound.cls)
    if below is None:
        return None
    found: list[Body] = []
    for function in {definition for heir in below for definition in _definitions(evaluator, heir, denoted.function)}:
        if function is None or not is_itself(evaluator, function):
            return None
        found.append((body_of(function).statements, function_scope(function)))
    return tuple(found)


def named(evaluator: Evaluator, project: Project, name: str, module: Module) -> tuple[Body, ...] | None:
    """Return the same of all methods of the project that have that name; None where there are none, or too many."""
    paths = project.mentioning(f"def {name}(")
    if len(paths) > MAX_MENTIONS:
        return None
    found: list[Body] = []
    for searched in modules_of(evaluator, paths, module):
        for function in searched.functions:
            if function.owner is not None and function.name == name:
                if not is_itself(evaluator, function):
                    return None
                found.append((body_of(function).statements, function_scope(function)))
    return tuple(found) or None


def _definitions(evaluator: Evaluator, heir: Class, method: Function) -> Iterator[Function | None]:
    """Yield what an heir has under the name of a method, but that method; None for what is no function."""
    name = method.name
    if name in heir.attributes:
        yield None
    # The method may come from another base, which stands before the one that was asked for.
    owner = next((base.cls for base in evaluator.order(heir).bases if name in base.cls.table), heir)
    for binding in owner.table.get(name, ()):
        if binding.definition is not method:
            yield binding.definition if isinstance(binding.definition, Function) else None


def is_itself(evaluator: Evaluator, function: Function) -> bool:
    """Whether the source of a function is in sight, and a call of it runs that and no more."""
    return not function.is_generator and is_as_written(evaluator, function)


def is_as_written(evaluator: Evaluator, function: Function) -> bool:
    """Whether the source of a function is in sight, and no decorator puts anything in its place."""
    if function.module.is_stub or not function.module.path:
        return False
    return all(_adds_nothing(evaluator, decorator, function) for decorator in function.node.decorator_list)


def _refuses(evaluator: Evaluator, statement: ast.stmt, function: Function) -> bool:
    """Whether a statement raises something, and does not only say that the body is somewhere else."""
    if not isinstance(statement, ast.Raise):
        return False
    raised = evaluator.evaluate(statement.exc, function_scope(function)) if statement.exc is not None else None
    return not isinstance(raised, Instance | ClassType) or not any(
        base.cls.full_name == _LEFT_TO_OTHERS for base in evaluator.order(raised.cls).bases
    )


def _says_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is what stands in place of a body."""
    return isinstance(statement, ast.Pass | ast.Raise) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
