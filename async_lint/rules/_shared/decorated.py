"""Which decorator is meant."""

import libcst as cst

from async_lint.context import Context


def applied(decorator: cst.BaseExpression) -> cst.BaseExpression:
    """Return what a decorator names: `lru_cache` for `lru_cache(maxsize=1)`."""
    return decorator.func if isinstance(decorator, cst.Call) else decorator


def public_name(expression: cst.BaseExpression, names: tuple[str, ...], context: Context) -> str | None:
    """Return which of the public names an expression has."""
    name = context.name_of(expression)
    return next((public for public in names if name is not None and name in (public, context.canonical(public))), None)
