"""Clients whose own limit is never in force: every request that is made with one has a limit of its own."""

import ast
from collections.abc import Mapping

from async_lint.inference.face import ModuleView, Site, children
from async_lint.rules._timeouts.kept_client import REQUESTS, KeptClient, kept_client, sets_its_own_limit
from async_lint.rules._timeouts.own_code import file_place

_Parents = Mapping[int, ast.AST]


def limits_each_request(made: Site, view: ModuleView) -> bool:
    """Whether what a client that is kept in a local, or a private attribute, is asked for is limited each time."""
    client = kept_client(made, view)
    if client is None or not (isinstance(client.holder, ast.Name) or client.name.startswith("_")):
        return False
    requests = client.requests()
    if not requests or not all(sets_its_own_limit(request, made.frame, view) for request in requests):
        return False
    return _is_all_seen(client) and not _is_asked_elsewhere(client, made, view)


def _is_all_seen(client: KeptClient) -> bool:
    """Whether the code makes requests with the client, closes it, enters it or looks at it, and no more."""
    parents = {id(below): node for node in client.nodes for below in children(node)}
    written = ast.unparse(client.holder)
    return all(
        isinstance(node, ast.Name | ast.Attribute)
        and ast.unparse(node) == written
        and (not isinstance(node.ctx, ast.Load) or _is_seen(node, parents))
        for node in client.nodes
        if _is_meant(client, node)
    )


def _is_meant(client: KeptClient, node: ast.AST) -> bool:
    """Whether a node may stand for the client, be it by the name as a text: `getattr(self, "_client")`."""
    is_local = isinstance(client.holder, ast.Name)
    match node:
        case ast.Name(id=name):
            return is_local and name == client.name
        case ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return not is_local and name == client.name
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return is_local and client.name in names
    return False


def _is_seen(node: ast.expr, parents: _Parents) -> bool:
    parent = parents.get(id(node))
    match parent:
        case ast.Attribute(attr=attr):
            # That gives the client itself.
            return attr != "__aenter__"
        case ast.withitem(optional_vars=None):
            return True
    return _is_tested(node, parents)


def _is_tested(node: ast.expr, parents: _Parents) -> bool:
    """Whether nobody gets a value: it only decides which way is taken."""
    parent = parents.get(id(node))
    match parent:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            return test is node
        case ast.Compare(comparators=[ast.Constant(value=None)]) | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp():
            return _is_tested(parent, parents)
    return False


def _is_asked_elsewhere(client: KeptClient, made: Site, view: ModuleView) -> bool:
    """Whether code outside of the class makes a request that has no limit of its own."""
    if isinstance(client.holder, ast.Name):
        return False
    own = {id(node) for node in client.nodes}
    return any(
        id(site.node) not in own
        and not sets_its_own_limit(site.node, site.frame, view)
        and _is_client(site.node.func, client, made, site, view)
        for site in view.project.calls_among(sorted(REQUESTS), [client.name])
    )


def _is_client(method: ast.expr, client: KeptClient, made: Site, site: Site, view: ModuleView) -> bool:
    match method:
        case ast.Attribute(value=ast.Attribute(attr=name) as receiver) if name == client.name:
            origins = view.project.origins(receiver, site.frame) or ()
            return file_place(made) in map(file_place, origins)
    return False
