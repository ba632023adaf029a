"""What a method assigns to attributes of its first parameter, wherever in its body."""

import ast
from collections.abc import Iterator
from typing import TypeGuard

from async_lint.inference.syntax.binding import Binding, Function, How, Try
from async_lint.inference.syntax.targets import unpacked


def self_assignments(function: Function) -> Iterator[tuple[str, Binding]]:
    """Yield what a method assigns to attributes of its first parameter."""
    node = function.node
    positional = node.args.posonlyargs or node.args.args
    if not positional or any(
        isinstance(decorator, ast.Name) and decorator.id == "staticmethod" for decorator in node.decorator_list
    ):
        return
    first = positional[0]
    # A stack, and the last on it first: a chain of `elif` may be longer than the interpreter's stack is deep.
    stack: list[ast.stmt] = node.body[::-1]
    while stack:
        statement = stack.pop()
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if type(target) is not ast.Name:
                    yield from _attributes(target, first.arg, How.ASSIGN, statement, statement.value)
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
            if _is_attribute(target, first.arg):
                yield target.attr, Binding(How.DECLARE, statement, statement.value, statement.annotation)
        elif isinstance(statement, ast.AugAssign):
            target = statement.target
            if _is_attribute(target, first.arg):
                yield target.attr, Binding(How.AUGMENTED, statement, statement.value)
        elif isinstance(statement, ast.For | ast.AsyncFor):
            how = How.ASYNC_ITERATE if isinstance(statement, ast.AsyncFor) else How.ITERATE
            yield from _attributes(statement.target, first.arg, how, statement, statement.iter)
            stack += statement.orelse[::-1] + statement.body[::-1]
        elif isinstance(statement, ast.With | ast.AsyncWith):
            how = How.ASYNC_ENTER if isinstance(statement, ast.AsyncWith) else How.ENTER
            for item in statement.items:
                if item.optional_vars is not None:
                    yield from _attributes(item.optional_vars, first.arg, how, statement, item.context_expr)
            stack += statement.body[::-1]
        elif isinstance(statement, ast.If | ast.While):
            stack += statement.orelse[::-1] + statement.body[::-1]
        elif isinstance(statement, ast.Match):
            for case in statement.cases:
                stack += case.body[::-1]
        elif isinstance(statement, Try):
            stack += statement.finalbody[::-1] + statement.orelse[::-1]
            for handler in statement.handlers:
                stack += handler.body[::-1]
            stack += statement.body[::-1]


def _is_attribute(target: ast.expr, of: str) -> TypeGuard[ast.Attribute]:
    return type(target) is ast.Attribute and type(target.value) is ast.Name and target.value.id == of


def _attributes(
    target: ast.expr, of: str, how: How, node: ast.AST, value: ast.expr, path: tuple[int | None, ...] = ()
) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Attribute):
        if _is_attribute(target, of):
            yield target.attr, Binding(how, node, value, path=path)
    elif isinstance(target, ast.Tuple | ast.List):
        for steps, element in unpacked(target):
            yield from _attributes(element, of, how, node, value, path + steps)
