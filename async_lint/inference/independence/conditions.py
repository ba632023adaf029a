"""Conditions in a function: whether what stands below them is what most calls come to.

if name in self._pages: ...                      a choice: most calls may not come to what is waited for
if isinstance(name, Path): await load(name)      what kind of thing it is given decides: that may be so for each call
if kind in READY: return picture                 so does this: below it, only the others are waited for
if self._client is not None:                     none: what is waited for is what was asked for
    await self._client.close()
async def update(self, devices: bool = True):
    if devices: await self.load()                none: it does so unless it is told not to
"""

import ast
from collections.abc import Collection, Iterator

from async_lint.inference.syntax.binding import dotted
from async_lint.inference.syntax.nodes import descendants

_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)


def is_choice(node: ast.AST) -> bool:
    """Whether it runs one of its parts, or none, and not each of those waits."""
    if isinstance(node, ast.If) and node.orelse:
        return not all(any(map(has_wait, part)) for part in (node.body, node.orelse))
    if isinstance(node, ast.IfExp):
        return not (has_wait(node.body) and has_wait(node.orelse))
    return isinstance(node, ast.If | ast.ExceptHandler | ast.match_case)


def asks_for_kind(node: ast.AST, parameters: Collection[str]) -> bool:
    """Whether an `if` asks first what kind of thing a parameter is: `isinstance(file, Path)`, `is_file(file)`."""
    match node:
        case ast.If(test=ast.BoolOp(op=ast.And(), values=[test, *_])) | ast.If(test=test):
            match test:
                case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), _]):
                    return name in parameters
                case ast.Call(func=ast.Name(id=asked), args=[ast.Name(id=name)], keywords=[]):
                    return asked.startswith("is_") and name in parameters
    return False


def gives_back(statement: ast.stmt, parameters: Collection[str]) -> bool:
    """Whether it gives back a parameter as it is where that is of some kind: `if kind in READY: return kind, image`."""
    match statement:
        case ast.If(test=test, body=[*_, ast.Return(value=ast.expr() as given)], orelse=[]):
            kind = isinstance(test, ast.Call) or (
                isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.In | ast.Eq)
            )
            parts = given.elts if isinstance(given, ast.Tuple) else [given]
            return kind and any(isinstance(part, ast.Name) and part.id in parameters for part in parts)
    return False


def is_expected(node: ast.AST, by_default: Collection[str]) -> bool:
    """Whether an `if` only asks for what is waited for below it, or for a parameter that is true by default."""
    if not isinstance(node, ast.If) or node.orelse:
        return False
    asked = dotted(_present(node.test))
    awaited = (part.value for line in node.body for part in descendants(line) if isinstance(part, ast.Await))
    called = [value.func for value in awaited if isinstance(value, ast.Call)]
    return asked in by_default or any(asked and dotted(func).startswith(f"{asked}.") for func in called)


def tested_for_nothing(test: ast.expr) -> Iterator[str]:
    """Yield the attributes that are made only where they are not there yet: `if self._client is None`."""
    match test:
        case ast.BoolOp(values=values):
            for value in values:
                yield from tested_for_nothing(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield dotted(operand)
        case ast.Compare(left=left, ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            yield dotted(left)


def true_by_default(arguments: ast.arguments) -> Iterator[str]:
    """Yield the parameters whose default is `True`."""
    positional = [*arguments.posonlyargs, *arguments.args]
    optional = positional[len(positional) - len(arguments.defaults) :] + arguments.kwonlyargs
    for parameter, default in zip(optional, [*arguments.defaults, *arguments.kw_defaults], strict=True):
        if isinstance(default, ast.Constant) and default.value is True:
            yield parameter.arg


def _present(test: ast.expr) -> ast.expr:
    """Return what a test asks for: `self._client` of `self._client is not None`."""
    match test:
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return left
    return test


def has_wait(node: ast.AST) -> bool:
    return any(isinstance(part, _WAITS) for part in descendants(node))
