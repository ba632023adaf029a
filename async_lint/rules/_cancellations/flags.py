"""Flags that end loops: `while self._running`, and what sets them."""

import ast
from collections.abc import Iterator, Sequence

_UP, _DOWN = "set ", "not "


def set_by(block: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the flags that a block is sure to set: `self._running = False`, `self._stop.set()`."""
    return frozenset(flag for statement in block for flag in _set_by(statement))


def ending(test: ast.expr) -> frozenset[str]:
    """Return the flags of which any one, once it is set, makes a test come out false."""
    return frozenset(_ending(test, _DOWN))


def of_objects(flags: frozenset[str]) -> frozenset[str]:
    """Return the flags that other functions see: attributes."""
    return frozenset(flag for flag in flags if flag.startswith((f"{_UP}.", f"{_DOWN}.")))


def _set_by(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Assign(targets=targets, value=ast.Constant(value=value)):
            yield from ((_UP if value else _DOWN) + name for target in targets for name in _name(target))
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=event, attr="set" | "clear" as method))):
            yield from ((_UP if method == "set" else _DOWN) + name for name in _name(event))


def _ending(test: ast.expr, when: str) -> Iterator[str]:
    """Yield the flags that decide a test: to false with `_DOWN`, to true with `_UP`."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _ending(operand, _UP if when == _DOWN else _DOWN)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And if when == _DOWN else ast.Or):
            for value in values:
                yield from _ending(value, when)
        case ast.Call(func=ast.Attribute(value=event, attr="is_set"), args=[]):
            yield from (when + name for name in _name(event))
        case ast.Name() | ast.Attribute():
            yield from (when + name for name in _name(test))


def _name(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(attr=name):
            yield f".{name}"
