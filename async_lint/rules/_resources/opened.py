"""Which call opens a resource in a coroutine, and the name that its function gives it."""

import ast
from typing import NamedTuple

from async_lint.inference.face import Frame, Function, ModuleView, body_of
from async_lint.rules._resources.table import Closable, closables
from async_lint.rules._tasks.function_tree import Tree, function_around, tree_of
from async_lint.rules._timeouts.given import Given, given

# What is awaited through these is the result of what they are given.
PASSING = ("asyncio.wait_for", "asyncio.shield")


class Opened(NamedTuple):
    """A call that opens a resource. `value` is the expression that is the resource; `name` its name, empty for none."""

    call: ast.Call
    public: str
    closable: Closable
    value: ast.expr
    name: str
    statement: ast.stmt
    frame: Frame
    tree: Tree


def opened(call: ast.Call, frame: Frame, view: ModuleView) -> Opened | None:
    """Return what a call in a coroutine function opens; None where it does not, or keeps it in no plain local."""
    function = function_around(frame)
    if function is None or not function.is_async:
        return None
    hit = closables().find(view.calls.kind_of(call, frame).name, view.names.canonical)
    if hit is None or given(call, hit[1].unless, (None, True)) not in (Given.ABSENT, Given.NOTHING):
        return None
    tree = tree_of(function, tuple(body_of(function).statements))
    value = _value(call, hit[1], frame, tree, view)
    if value is None or (hit[1].ends_with_owner and _is_of_own(call, tree)):
        return None
    name = _name(value, hit[1], tree)
    statement = _statement(value, tree)
    if name is None or statement is None or _is_declared(name, function):
        return None
    return Opened(call, *hit, value, name, statement, frame, tree)


def is_called(call: ast.Call, names: tuple[str, ...], frame: Frame, view: ModuleView) -> bool:
    """Whether a call is of one of the public names."""
    name = view.names.name_of(call.func, frame)
    return name is not None and any(name in (public, view.names.canonical(public)) for public in names)


def _value(call: ast.Call, closable: Closable, frame: Frame, tree: Tree, view: ModuleView) -> ast.expr | None:
    if not closable.awaited:
        return call
    node: ast.expr = call
    parent = tree.parents.get(id(node))
    while isinstance(parent, ast.Call) and node in parent.args and is_called(parent, PASSING, frame, view):
        node, parent = parent, tree.parents.get(id(parent))
    return parent if isinstance(parent, ast.Await) else None


def _name(value: ast.expr, closable: Closable, tree: Tree) -> str | None:
    """Return the local that the resource is bound to, an empty string where it is dropped or used on the spot."""
    match tree.parents.get(id(value)):
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            if closable.part is not None:
                parts = target.elts if isinstance(target, ast.Tuple) else []
                starred = any(isinstance(part, ast.Starred) for part in parts)
                target = parts[closable.part] if closable.part < len(parts) and not starred else value
            return target.id if isinstance(target, ast.Name) else None
        case ast.Expr():
            return ""
        case ast.Attribute():
            return "" if closable.part is None else None
    return None


def _is_of_own(call: ast.Call, tree: Tree) -> bool:
    """Whether a method is one of something that the function has bound itself, and so may close."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    names = tree.names.get(owner.id, ()) if isinstance(owner, ast.Name) else ()
    return any(isinstance(name.ctx, ast.Store) for name in names)


def _statement(value: ast.expr, tree: Tree) -> ast.stmt | None:
    """Return the innermost statement around the resource; None where it is in a scope of its own."""
    node: ast.AST | None = value
    while node is not None and not isinstance(node, ast.stmt):
        if isinstance(node, ast.Lambda | ast.GeneratorExp):
            return None
        node = tree.parents.get(id(node))
    return node if node is not tree.function else None


def _is_declared(name: str, function: Function) -> bool:
    return name in body_of(function).outward
