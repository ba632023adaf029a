"""Who has a part of a pool: whoever made it knows, and as long as nothing else is waited for, nobody else has."""

import ast
from collections.abc import Iterator, Sequence

from async_lint.inference.face import ModuleView, Site, descendants
from async_lint.rules._timeouts.table import receivers

_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_DEPTH = 3
_Place = tuple[int, int]


def is_for_others(site: Site, around: Sequence[ast.AST], makers: tuple[str, ...], view: ModuleView) -> bool:
    """Whether others know how much the receiver is used: it was handed in, or nobody has used it yet.

    That is so where the call is the first thing that the function waits for after it made the receiver by one of
    `makers`.
    """
    receiver = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    if receiver is None:
        return False
    made = view.project.origins(receiver, site.frame)
    # What somebody else's function gives, others may have as well.
    if not made or not all(_is_made_in_sight(maker, makers, view) for maker in made):
        return True
    return _is_first_use(site, around, receiver, made)


def _is_made_in_sight(maker: Site, makers: tuple[str, ...], view: ModuleView, depth: int = _DEPTH) -> bool:
    """Whether a call is one of `makers`, or of a function of the project that gives nothing but what they make."""
    name = view.calls.kind_of(maker.node, maker.frame).name
    if receivers(makers).find(name, view.names.canonical) is not None:
        return True
    results = view.project.results(maker) if depth else None
    inner = [view.project.origins(result, frame) for result, frame in results or ()]
    return bool(inner) and all(
        sites and all(_is_made_in_sight(one, makers, view, depth - 1) for one in sites) for sites in inner
    )


def _is_first_use(site: Site, around: Sequence[ast.AST], receiver: ast.expr, made: Sequence[Site]) -> bool:
    place = _start(site.node)
    bound = [end for end in _bindings(around, ast.unparse(receiver)) if end < place]
    # The receiver may have been made elsewhere, too, or be bound by a branch that was not taken.
    last = max(bound, default=None)
    return last is not None and len(made) == 1 and not _waits_between(last, site.node, around)


def _bindings(around: Sequence[ast.AST], name: str) -> Iterator[_Place]:
    """Yield where the bindings of a name end that stand on the way to a node, which `around` are above."""
    for node in around:
        if isinstance(node, ast.AsyncWith):
            for item in node.items:
                if item.optional_vars is not None and ast.unparse(item.optional_vars) == name:
                    yield _end(item.optional_vars)
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(node, block, None)
            if isinstance(statements, list) and any(inner in statements for inner in around):
                yield from _assigned(statements, name)


def _assigned(statements: Sequence[ast.stmt], name: str) -> Iterator[_Place]:
    for statement in statements:
        match statement:
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target, value=ast.expr()):
                if ast.unparse(target) == name:
                    yield _end(statement)


def _waits_between(made: _Place, call: ast.Call, around: Sequence[ast.AST]) -> bool:
    """Whether something else is waited for between two places, or the second is come to again."""
    for node in around:
        if isinstance(node, _LOOPS) and _start(node) > made:
            return True
    return any(
        isinstance(node, _WAITS) and made < _start(node) < _start(call) and not _waits_for(node, call)
        for node in descendants(around[0])
    )


def _waits_for(node: ast.AST, call: ast.Call) -> bool:
    """Whether a wait is the call's own: `await pool.acquire()`, `async with pool.acquire()`."""
    if isinstance(node, ast.AsyncWith):
        return node.items[0].context_expr is call
    return isinstance(node, ast.Await) and node.value is call


def _start(node: ast.expr | ast.stmt) -> _Place:
    return node.lineno, node.col_offset


def _end(node: ast.expr | ast.stmt) -> _Place:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
