"""What a nested function has of the function around it: each call there is given that, though no argument says so.

async def read(name):
    await page.select(name)        `page` is captured: all that call `read` drive the same one
"""

import ast
from collections.abc import Iterator

from async_lint.inference.modules.summary import body_of
from async_lint.inference.syntax.binding import Function
from async_lint.inference.syntax.nodes import descendants
from async_lint.inference.types.values import Frame


def captured(function: Function, frame: Frame) -> Iterator[ast.Name]:
    """Yield the names of the function around it of which a function calls a method, or which it hands on.

    `frame` is that of a call of it. What another function made and gave away, it made for who calls it.
    """
    own, outer = body_of(function).table, function.outer
    if outer is None or outer not in _around(frame):
        return
    for node in descendants(function.whole()):
        if isinstance(node, ast.Call):
            yield from (used for used in _used_by(node) if used.id not in own and used.id in body_of(outer).table)


def _around(frame: Frame) -> Iterator[Function]:
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    while function is not None:
        yield function
        function = function.outer


def _used_by(call: ast.Call) -> Iterator[ast.Name]:
    holder = call.func.value if isinstance(call.func, ast.Attribute) else None
    while isinstance(holder, ast.Attribute):
        holder = holder.value
    for value in (holder, *call.args, *(keyword.value for keyword in call.keywords)):
        if isinstance(value, ast.Name):
            yield value
