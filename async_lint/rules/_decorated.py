"""What is closest to an asynchronous function: the decorator that gets the function itself."""

import ast

import libcst as cst

from async_lint.context import Context, Facts


def nearest(function: cst.FunctionDef) -> cst.BaseExpression | None:
    """Return the decorator that is applied first; what those above it get depends on it."""
    return function.decorators[-1].decorator if function.decorators else None


def applied(decorator: cst.BaseExpression) -> cst.BaseExpression:
    """Return what a decorator names: `lru_cache` for `lru_cache(maxsize=1)`."""
    return decorator.func if isinstance(decorator, cst.Call) else decorator


def nearest_is(function: ast.AsyncFunctionDef, names: tuple[str, ...], facts: Facts) -> bool:
    """Whether the decorator that is applied first has one of the public names."""
    for decorator in function.decorator_list[-1:]:
        name = facts.name_of(decorator.func if isinstance(decorator, ast.Call) else decorator)
        return name is not None and any(name in (each, facts.canonical(each)) for each in names)
    return False


def public_name(expression: cst.BaseExpression, names: tuple[str, ...], context: Context) -> str | None:
    """Return which of the public names an expression has."""
    name = context.name_of(expression)
    return next((each for each in names if name is not None and name in (each, context.canonical(each))), None)
