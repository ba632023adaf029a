"""What replaces an argument that is left out says what the argument is: `loop or asyncio.get_event_loop()`."""

import ast
from collections.abc import Iterable, Iterator

from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.evaluator import Evaluator
from async_lint.inference.syntax.binding import Function
from async_lint.inference.syntax.nodes import children
from async_lint.inference.types.scope import function_scope
from async_lint.inference.types.unions import join
from async_lint.inference.types.values import Instance, Type


def replaced(evaluator: Evaluator, function: Function, parameter: ast.arg) -> Type | None:
    """Return what a parameter without annotation is by what replaces its None; None where that tells nothing.

    It is that at least where nothing is given, and there a lost await is one. Built-in values tell nothing:
    `timeout or 5`, `names or []`.
    """
    if function.module.is_stub or not _is_none(_default(parameter, function.node.args)):
        return None
    values = list(_replacements(parameter.arg, body_of(function).statements))
    replacement = join([evaluator.evaluate(value, function_scope(function)) for value in values]) if values else None
    if isinstance(replacement, Instance) and replacement.cls.module.name != "builtins":
        return replacement
    return None


def _default(parameter: ast.arg, among: ast.arguments) -> ast.expr | None:
    plain = [*among.posonlyargs, *among.args]
    pairs = [*zip(reversed(plain), reversed(among.defaults), strict=False)]
    for candidate, value in [*pairs, *zip(among.kwonlyargs, among.kw_defaults, strict=True)]:
        if candidate is parameter:
            return value
    return None


def _replacements(name: str, statements: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """Yield what stands in for the name where it is None, or false."""
    waiting = list(statements)
    while waiting:
        node = waiting.pop()
        match node:
            # The name may be another one's in there.
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                continue
            case ast.BoolOp(op=ast.Or(), values=[ast.Name(id=named), value]) if named == name:
                yield value
            case ast.IfExp(body=value, orelse=ast.Name(id=named)) if named == name and _is_absent(name, node.test):
                yield value
            case ast.IfExp(body=ast.Name(id=named), orelse=value) if named == name and _is_given(name, node.test):
                yield value
            case ast.If(body=body) if _is_absent(name, node.test):
                for statement in body:
                    match statement:
                        case ast.Assign(targets=[ast.Name(id=named)], value=value) if named == name:
                            yield value
        waiting.extend(children(node))


def _is_absent(name: str, test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id=named), ops=[ast.Is()], comparators=[value]):
            return named == name and _is_none(value)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=named)):
            return named == name
    return False


def _is_given(name: str, test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id=named), ops=[ast.IsNot()], comparators=[value]):
            return named == name and _is_none(value)
        case ast.Name(id=named):
            return named == name
    return False


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
