"""Code that Python 2 reads as well: `raise ... from` is a SyntaxError there."""

import ast

from async_lint.context import Context
from async_lint.files.source import Source

# What none of its versions parses; a file with such a thing in it is not for Python 2, whatever the project says.
_NEWER = (
    ast.AnnAssign,
    ast.AsyncFunctionDef,
    ast.JoinedStr,
    ast.Match,
    ast.NamedExpr,
    ast.Nonlocal,
    ast.YieldFrom,
)


def has_no_from(context: Context) -> bool:
    """Whether the file has to be read by Python 2, by the project's `target-version` and by its own syntax."""
    return context.target_version < (3, 0) and not context.source.once(_is_newer)


def _is_newer(source: Source) -> bool:
    return any(isinstance(node, _NEWER) or _has_newer_part(node) for node in ast.walk(source.tree))


def _has_newer_part(node: ast.AST) -> bool:
    match node:
        case ast.Raise(cause=ast.expr()) | ast.arg(annotation=ast.expr()):
            return True
        case ast.FunctionDef(returns=returns, args=ast.arguments(kwonlyargs=named)):
            return bool(returns or named)
        case ast.ClassDef(keywords=keywords):
            return bool(keywords)
    return False
