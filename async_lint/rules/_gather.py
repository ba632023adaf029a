"""An iterable of coroutines, made an awaited `asyncio.gather` of them."""

import ast
from collections.abc import Iterator, Sequence

import libcst as cst

from async_lint.context import Context
from async_lint.model import Applicability, Edit, Fix, Position, Span
from async_lint.rules._reads import binds

_OTHER_LOOPS = frozenset({"trio", "anyio", "curio"})
# What takes the list that `gather` returns as well as the iterator that it replaces.
_TAKES_ANY_ITERABLE = frozenset(
    {"tuple", "set", "frozenset", "sorted", "sum", "min", "max", "any", "all", "zip", "enumerate", "print", "join"}
)


def gather_fix(call: cst.Call, path: Sequence[cst.CSTNode], context: Context) -> Fix | None:
    """Return the fix for `call`, an iterator over coroutines at the end of `path`; None where it is not that simple."""
    if not context.in_async_function(call):
        return None
    module = _asyncio(context)
    if module is None:
        return None
    name, imported = module
    around = _edits(call, path, name, context)
    if around is None:
        return None
    return Fix("Await them together with `asyncio.gather`", (*imported, *around), Applicability.UNSAFE)


def _edits(call: cst.Call, path: Sequence[cst.CSTNode], asyncio: str, context: Context) -> list[Edit] | None:
    parent, outer = path[-2], path[-3] if len(path) > 2 else None
    inner = context.outer_span(call)
    if isinstance(parent, cst.Arg):
        assert isinstance(outer, cst.Call)
        function = outer.func.attr if isinstance(outer.func, cst.Attribute) else outer.func
        taker = function.value if isinstance(function, cst.Name) else ""
        if taker == "list" and len(outer.args) == 1 and not parent.star:
            return _in_place_of_list(outer, inner, path[-4], asyncio, context)
        if taker not in _TAKES_ANY_ITERABLE:
            return None
    elif not isinstance(parent, (cst.Expr, cst.For, cst.CompFor, cst.StarredElement, cst.ComparisonTarget)):
        return None
    return [context.insert(inner.start, f"await {asyncio}.gather(*"), context.insert(inner.end, ")")]


def _in_place_of_list(
    call: cst.Call, inner: Span, parent: cst.CSTNode, asyncio: str, context: Context
) -> list[Edit] | None:
    whole = context.span(call)
    head = Span(whole.start, inner.start)
    if "#" in context.source.slice(head):
        return None
    # `await` binds less tightly than what follows a value.
    bare = not (isinstance(parent, (cst.Attribute, cst.Subscript, cst.Call)) and not call.lpar)
    opening, closing = ("", "") if bare else ("(", ")")
    edits = [context.replace(head, f"{opening}await {asyncio}.gather(*")]
    return edits if bare else [*edits, context.insert(whole.end, closing)]


def _asyncio(context: Context) -> tuple[str, list[Edit]] | None:
    """Return what `asyncio` is called at the visited node, and the edits that import it first; None: not at all."""
    tree = context.source.tree
    name = None
    for alias in _imports(tree):
        if alias.name.partition(".")[0] in _OTHER_LOOPS:
            return None
        if alias.name == "asyncio":
            name = alias.asname or "asyncio"
    edits = [] if name is not None else _import(tree, context)
    name = name or "asyncio"
    outermost = next((each for each in context.ancestors if isinstance(each, cst.FunctionDef)), None)
    return None if edits is None or outermost is None or binds(name, outermost) else (name, edits)


def _imports(tree: ast.Module) -> Iterator[ast.alias]:
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            yield from statement.names
        elif isinstance(statement, ast.ImportFrom) and statement.module is not None and not statement.level:
            yield ast.alias(statement.module + ".", None)


def _import(tree: ast.Module, context: Context) -> list[Edit] | None:
    """Return the insertion of `import asyncio` before the first statement that it may precede."""
    for index, statement in enumerate(tree.body):
        is_docstring = index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not is_docstring and not is_future:
            first = min([statement, *getattr(statement, "decorator_list", [])], key=lambda each: each.lineno)
            alone = not context.source.lines[first.lineno - 1][: statement.col_offset].strip()
            return [context.insert(Position(first.lineno, 0), "import asyncio\n")] if alone else None
    return None
