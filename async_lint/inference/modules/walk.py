"""The file under check: its units, and every node of a unit with the frame that its names are looked up in."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

from async_lint.inference.modules.summary import body_of, define
from async_lint.inference.syntax.binding import Class, Function, Module
from async_lint.inference.syntax.nodes import FIELDS, fields
from async_lint.inference.types.scope import Unit, class_scope, function_scope, module_scope
from async_lint.inference.types.values import Comprehension, Frame


def units(module: Module, tree: ast.Module) -> Iterator[Unit]:
    """Yield the outermost functions, and the statements outside functions, in source order."""
    yield from _units(tree.body, module_scope(module))


def _units(body: list[ast.stmt], frame: Frame) -> Iterator[Unit]:
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            cls = _definition(frame, statement.name, statement)
            if isinstance(cls, Class):
                yield from _units(statement.body, class_scope(cls, frame))
        else:
            yield Unit(statement, frame)


def _definition(frame: Frame, name: str, node: ast.stmt) -> Function | Class | None:
    if frame.function is not None:
        bindings = body_of(frame.function).table.get(name)
    elif frame.cls is not None:
        bindings = frame.cls.table.get(name)
    else:
        bindings = frame.module.lookup(name)
    for binding in bindings or ():
        definition = binding.definition
        if (
            definition is not None
            and definition.node.lineno == node.lineno
            and definition.node.col_offset == node.col_offset
        ):
            return definition
    # A branch that type checkers do not look at: it runs, and it is checked, though no name leads to it.
    return define(node, frame.module, frame.cls, frame.function)


def nodes(unit: Unit, leaves: bool = True) -> Iterator[tuple[ast.AST, Frame]]:
    """Yield every node of the unit before its children; without `leaves` no names and constants, half of them all."""
    stack: list[tuple[ast.AST, Frame]] = [(unit.node, unit.frame)]
    push = stack.append
    passed_over = _LEAVES if leaves else _NAMES
    while stack:
        item = stack.pop()
        yield item
        node, frame = item
        enter = _ENTER.get(type(node))
        if enter is not None:
            stack.extend(enter(node, frame))
            continue
        kind = type(node)
        names = FIELDS.get(kind)
        for name in fields(kind) if names is None else names:
            value: Any = getattr(node, name, None)
            if type(value) is list:
                for child in reversed(value):
                    if type(child) not in passed_over:
                        push((child, frame))
            elif type(value) not in passed_over:
                push((value, frame))


# What fields hold that is worth no visit.
_LEAVES = frozenset({str, int, bytes, bool, float, complex, type(...), type(None), ast.alias})
_NAMES = _LEAVES | {ast.Name, ast.Constant}


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> list[tuple[ast.AST, Frame]]:
    function = _definition(frame, node.name, node)
    # They are evaluated where the function is defined, before there is a call with names of its own.
    outside: list[ast.AST] = [*node.decorator_list, node.args, *([node.returns] if node.returns else [])]
    children: list[tuple[ast.AST, Frame]] = [(child, frame) for child in outside]
    if isinstance(function, Function):
        inner = function_scope(function, frame)
        children += [(statement, inner) for statement in node.body]
    return children[::-1]


def _class(node: ast.ClassDef, frame: Frame) -> list[tuple[ast.AST, Frame]]:
    cls = _definition(frame, node.name, node)
    children: list[tuple[ast.AST, Frame]] = [
        (child, frame) for child in [*node.decorator_list, *node.bases, *node.keywords]
    ]
    if isinstance(cls, Class):
        inner = class_scope(cls, frame)
        children += [(statement, inner) for statement in node.body]
    return children[::-1]


def _lambda(node: ast.Lambda, frame: Frame) -> list[tuple[ast.AST, Frame]]:
    return [(node.body, Frame(frame.module, frame, node=node)), (node.args, frame)]


def _comprehension(node: Comprehension, frame: Frame) -> list[tuple[ast.AST, Frame]]:
    inner = Frame(frame.module, frame, node=node)
    children: list[tuple[ast.AST, Frame]] = []
    for index, generator in enumerate(node.generators):
        children.append((generator.iter, frame if index == 0 else inner))
        children += [(generator.target, inner), *((test, inner) for test in generator.ifs)]
    results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    return [*children, *((result, inner) for result in results)][::-1]


_ENTER: dict[type[ast.AST], Callable[[Any, Frame], list[tuple[ast.AST, Frame]]]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
}
