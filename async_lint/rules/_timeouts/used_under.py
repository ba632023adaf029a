"""Whether what has no limit of its own is used under a deadline alone: where it is made, or wherever its name is."""

import ast
from collections.abc import Sequence

from async_lint.inference.face import Frame, ModuleView, Site, descendants
from async_lint.rules._shared.parameter_for import parameter_for
from async_lint.rules._timeouts.around import is_limited
from async_lint.rules._timeouts.deadlines import in_force
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.own_code import SCOPES
from async_lint.rules._timeouts.waits import ENTERING

# To close a client is no request.
_CLOSING = frozenset({"aclose", "close"})
_DEEP = 3


def is_used_under_one(made: Site, view: ModuleView) -> bool:
    """Whether a deadline is in force wherever what a call gives is waited for, as far as that is all in sight."""
    around = view.project.above(made.node, made.frame)
    if around is None:
        return False
    if _is_used_there([*around, made.node]):
        return in_force(made, view, _no_excuse)
    match _statement(around):
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return _is_limited_by_name(name, made.frame, view, _DEEP)
    return False


def is_lent(made: Site, view: ModuleView) -> bool:
    """Whether what a call gives, or the local that holds it, is handed to a function that is not the project's."""
    around = view.project.above(made.node, made.frame)
    if around is None:
        return False
    nodes: list[ast.expr] = [made.node]
    match _statement(around):
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            nodes += [node for node in descendants(around[0]) if isinstance(node, ast.Name) and node.id == name]
    return any(_is_handed_away(node, made.frame, view) for node in nodes)


def _is_handed_away(node: ast.expr, frame: Frame, view: ModuleView) -> bool:
    for call in (view.project.above(node, frame) or ())[-2:]:
        if isinstance(call, ast.Call) and node in [*call.args, *(keyword.value for keyword in call.keywords)]:
            builtin = (view.names.name_of(call.func, frame) or "").startswith("builtins.")
            looked_at = builtin or last_word(call) in ENTERING
            return not looked_at and view.project.bodies(call.func, frame) is None
    return False


def _no_excuse(site: Site, around: Sequence[ast.AST]) -> bool:
    return False


def _statement(chain: Sequence[ast.AST]) -> ast.AST:
    return next((node for node in reversed(chain) if isinstance(node, ast.stmt)), chain[0])


def _is_used_there(chain: Sequence[ast.AST]) -> bool:
    """Whether the last of a chain of nodes is awaited or entered by its own statement."""
    statement = _statement(chain)
    own = chain[chain.index(statement) :]
    return any(isinstance(node, ast.Await | ast.withitem) for node in own)


def _is_limited_by_name(name: str, frame: Frame, view: ModuleView, depth: int) -> bool:
    """Whether a local name, or one of a function further out, is used, and never but under a deadline."""
    scope = frame.enclosing_function()
    function = scope.function if scope is not None else None
    if function is None or depth == 0:
        return False
    own = function.whole()
    while function.outer is not None and _is_of_outer(name, function.whole()):
        function = function.outer
    nodes = list(descendants(function.whole()))
    harmless = {id(use) for node in nodes for use in _harmless(node)}
    uses = [
        node
        for node in nodes
        if isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Load)
        and id(node) not in harmless
    ]
    here = {id(node) for node in descendants(own)}
    return bool(uses) and all(id(use) in here and _is_limited_use(use, frame, view, depth) for use in uses)


def _is_of_outer(name: str, function: ast.AST) -> bool:
    return any(isinstance(node, ast.Nonlocal) and name in node.names for node in descendants(function))


def _harmless(node: ast.AST) -> list[ast.expr]:
    """Return what is used in a way that waits for nothing: `client is None`, `client.aclose`."""
    match node:
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return [left]
        case ast.Attribute(value=value, attr=attr) if attr in _CLOSING:
            return [value]
    return []


def _is_limited_use(use: ast.Name, frame: Frame, view: ModuleView, depth: int) -> bool:
    around = view.project.above(use, frame)
    # What another function does with it, its own deadline is for.
    if around is None or any(isinstance(node, SCOPES) for node in around[1:]):
        return False
    if _is_limited_where_handed(use, around, frame, view, depth):
        return True
    kept = isinstance(_statement(around), ast.Return | ast.Assign | ast.AnnAssign) and not _is_used_there(around)
    return not kept and is_limited([*around, use], frame, view)


def _is_limited_where_handed(
    use: ast.Name, around: Sequence[ast.AST], frame: Frame, view: ModuleView, depth: int
) -> bool:
    """Whether the use is an argument of a function of the project that uses its parameter under a deadline alone."""
    for call in around[-2:]:
        if not isinstance(call, ast.Call) or not (use in call.args or use in [one.value for one in call.keywords]):
            continue
        bodies = view.project.bodies(call.func, frame)
        callees = [inner for _, inner in bodies or ()]
        return bool(callees) and all(_limits_its_parameter(call, use, inner, view, depth) for inner in callees)
    return False


def _limits_its_parameter(call: ast.Call, given: ast.Name, callee: Frame, view: ModuleView, depth: int) -> bool:
    name = parameter_for(call, given, callee.function) if callee.function is not None else None
    return name is not None and _is_limited_by_name(name, callee, view, depth - 1)
