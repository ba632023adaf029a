"""Calls whose answer nobody uses, so that they are made to tell somebody something.

await self.on_page(page)            nobody looks at what it gives
await gather(*[on_page(page) for on_page in self.listeners])
answer = self.on_page(page)         nor here: it is only awaited, if it can be
if isawaitable(answer):
    await answer
"""

import ast
from collections.abc import Iterator

from async_lint.inference.syntax.binding import last_name
from async_lint.inference.syntax.nodes import descendants

_KINDS = frozenset({"isawaitable", "iscoroutine", "isfuture"})


def unheard(function: ast.AST) -> set[ast.Call]:
    """Return the calls in a function whose answer is dropped, or does no more than to be awaited."""
    nodes = descendants(function)
    dropped: set[ast.AST] = set()
    for node in nodes:
        match node:
            case ast.Expr(value=ast.Await(value=value)) | ast.Expr(value=value):
                dropped |= {value, *_gathered(value)}
            case ast.Call(func=func, args=[ast.Name() as asked]) if last_name(func) in _KINDS:
                dropped.add(asked)
    read = [node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    used = {name.id for name in read if name not in dropped}
    found = {node for node in dropped if isinstance(node, ast.Call)}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if name not in used:
                found.add(call)
    return found


def _gathered(call: ast.expr) -> Iterator[ast.expr]:
    """Yield what a `gather` runs together."""
    if not isinstance(call, ast.Call) or last_name(call.func) != "gather":
        return
    for value in call.args:
        match value:
            case ast.Starred(value=ast.ListComp(elt=each) | ast.GeneratorExp(elt=each)):
                yield each
            case _:
                yield value
