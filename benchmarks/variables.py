"""What real code does with a local variable: who could get hold of the coroutine that it is bound to?"""

import ast
from collections.abc import Iterator

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)
_SEES_LOCALS = frozenset({"locals", "vars", "eval", "exec"})
Use = tuple[ast.AST, tuple[ast.AST, ...]]


def uses(name: str, node: ast.AST) -> list[Use]:
    """Return where a name is read below `node`, each with the nodes above it."""
    return [use for use in _names(node, (node,)) if use[0].id == name]  # type: ignore[attr-defined]


def is_never_read(name: str, function: ast.AST) -> bool:
    return not uses(name, function) and not _is_shared(name, function)


def is_local(name: str, function: ast.AST) -> bool:
    """Whether nothing but a function's own code sees a variable."""
    return not _is_shared(name, function) and not any(
        _is_captured(above, function) for _, above in uses(name, function)
    )


def stays_in_sight(name: str, function: ast.AST) -> bool:
    """Whether every use of a local asks something of its value: none hands it to code that may await it."""
    return not _is_shared(name, function) and all(_asks(*use, function) for use in uses(name, function))


def _names(node: ast.AST, above: tuple[ast.AST, ...]) -> Iterator[Use]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load):
            yield child, above
        yield from _names(child, (*above, child))


def _is_shared(name: str, function: ast.AST) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal) and name in node.names:
            return True
        if isinstance(node, ast.Name) and node.id in _SEES_LOCALS:
            return True
    return False


def _is_captured(above: tuple[ast.AST, ...], function: ast.AST) -> bool:
    return any(isinstance(each, _SCOPES) and each is not function for each in above)


def _asks(node: ast.AST, above: tuple[ast.AST, ...], function: ast.AST) -> bool:
    """Whether a use is that of a value: tested, compared, calculated with, shown, taken apart."""
    if _is_captured(above, function):
        return False
    match above[-1]:
        case ast.Attribute() | ast.FormattedValue() | ast.UnaryOp() | ast.Compare() | ast.Assert():
            return True
        case ast.Subscript(value=value):
            return value is node
        case ast.BinOp(left=left, right=right):
            return isinstance(left, ast.Constant) or isinstance(right, ast.Constant)
        case ast.BoolOp(values=values):
            return node is not values[-1] or _asks(above[-1], above[:-1], function)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return test is node
        case ast.For(iter=iterated) | ast.comprehension(iter=iterated):
            return iterated is node
    return False
