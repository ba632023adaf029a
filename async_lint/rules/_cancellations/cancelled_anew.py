"""Ways of anyio and trio that wait again: until the exception has left its scope, each wait raises it anew.

https://anyio.readthedocs.io/en/stable/cancellation.html
"""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import Frame, ModuleView, children
from async_lint.rules._cancellations.ways import Exit, Handled, Loop, Way, exits

_LIBRARIES = frozenset({"anyio", "trio"})
# These are for handlers, and let nothing in.
_SHIELDED = frozenset({"aclose", "aclose_forcefully", "cancel_shielded_checkpoint", "notify", "notify_all"})
# anyio's memory streams do not wait when they close.
_CLOSING = ("Channel", "Stream")
# Of these a part may not run, may run later, or may be shielded.
_PARTLY = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.IfExp, ast.BoolOp, ast.GeneratorExp),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.stmt),
)


def ways_without_wait(block: Sequence[ast.stmt], handled: Handled, frame: Frame, view: ModuleView) -> list[Exit]:
    """Return the ways out of a handler on which nothing of anyio or trio waits before."""
    for index, statement in enumerate(block):
        if any(_is_wait(node, frame, view) for node in _sure(statement)):
            return [one for one in exits(block[:index], handled) if one.way is not Way.END]
    return exits(block, handled)


def _sure(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield what is sure to be waited for first in a statement: an operand of `await`, what `async with` enters."""
    if isinstance(statement, ast.AsyncWith):
        yield statement.items[0].context_expr
    elif isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return):
        yield from _awaited(statement)


def _awaited(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Await):
        yield node.value
    for child in children(node):
        if not isinstance(child, _PARTLY):
            yield from _awaited(child)


def _is_wait(node: ast.AST, frame: Frame, view: ModuleView) -> bool:
    waited = node.func if isinstance(node, ast.Call) else node
    name = view.names.name_of(waited, frame) if isinstance(waited, ast.expr) else None
    package, _, rest = (name or "").partition(".")
    if rest.endswith(".aclose") and isinstance(waited, ast.Attribute):
        return _closes(waited.value, frame, view)
    return package in _LIBRARIES and rest.rpartition(".")[2] not in _SHIELDED


def leaves_a_channel(ways: Sequence[Exit], chain: Sequence[ast.AST], frame: Frame, view: ModuleView) -> bool:
    """Whether each way leaves the `async with` of a channel or stream of trio, which waits when it closes."""
    for index, outer in enumerate(chain):
        if isinstance(outer, ast.AsyncWith) and any(_closes(item.context_expr, frame, view) for item in outer.items):
            loops = sum(isinstance(inner, Loop) for inner in chain[index + 1 :])
            return all(
                one.way in (Way.RETURN, Way.RAISE) or loops == 0 or (loops == 1 and one.way is Way.BREAK)
                for one in ways
            )
    return False


def _closes(manager: ast.expr, frame: Frame, view: ModuleView) -> bool:
    name = view.names.name_of(manager, frame) or ""
    return name.startswith("trio.") and name.endswith(_CLOSING)
