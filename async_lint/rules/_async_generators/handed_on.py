"""Generator functions that are no generators to their callers: context managers, fixtures, dependencies."""

import ast
from collections.abc import Sequence

from async_lint.context import Context
from async_lint.inference.face import Frame, ModuleView, descendants

# Decorators that leave a generator what it is; of any other it is unknown.
_TRANSPARENT = (
    *("builtins.staticmethod", "builtins.classmethod", "builtins.property", "abc.abstractmethod", "functools.wraps"),
    *("typing.override", "typing.final", "typing_extensions.override", "typing_extensions.final"),
)
# What enters and leaves a generator that it is given as a context manager is: here, by its last word.
_TAKERS = (
    *("contextmanager", "asynccontextmanager", "fixture", "as_safe_channel"),
    *("Depends", "Security", "Provide", "FastAPI", "Starlette", "Litestar", "Router", "APIRouter"),
)


def is_transformed(frame: Frame, view: ModuleView) -> bool:
    """Whether a decorator makes something else of the generator function of a frame, or may."""
    scope = frame.enclosing_function()
    if scope is None or scope.function is None:
        return False
    for decorator in scope.function.node.decorator_list:
        callee = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = view.names.name_of(callee, scope.parent or scope)
        if not any(name in (known, view.names.canonical(known)) for known in _TRANSPARENT):
            return True
    return False


def is_handed_on(frame: Frame, context: Context) -> bool:
    """Whether the function of a frame is given to somebody, who may enter and leave it like a context manager."""
    scope = frame.enclosing_function()
    if scope is None or scope.function is None:
        return False
    function, view = scope.function, context.view
    if _is_given_away(function.name, context.source.tree):
        return True
    return any(
        view.names.name_of(argument, site.frame) == function.full_name
        for site in view.project.calls_among(_TAKERS, [function.name])
        for argument in (*site.node.args, *(keyword.value for keyword in site.node.keywords))
        if isinstance(argument, ast.Name | ast.Attribute)
    )


def _is_given_away(name: str, tree: ast.Module) -> bool:
    """Whether a module gives a function of that name to a call, or puts it into a container or an attribute."""
    return any(
        (isinstance(value, ast.Name) and value.id == name) or (isinstance(value, ast.Attribute) and value.attr == name)
        for node in descendants(tree)
        for value in _given_by(node)
    )


def _given_by(node: ast.AST) -> Sequence[ast.expr]:
    match node:
        case ast.Call(args=arguments, keywords=keywords):
            return [*arguments, *(keyword.value for keyword in keywords)]
        case ast.List(elts=values) | ast.Tuple(elts=values) | ast.Set(elts=values) | ast.Dict(values=values):
            return values
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()], value=value):
            return [value]
    return []
