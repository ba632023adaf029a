"""A client under the name that it is bound to, a local or an attribute of `self`, and the code that uses it there.

    self._client = httpx.AsyncClient(timeout=None)
    ...
    async with self._client.stream("GET", url, timeout=60) as response:

The request says for itself how long it may take.
"""

import ast
from collections.abc import Sequence
from typing import NamedTuple

from async_lint.inference.face import Frame, ModuleView, Site, descendants
from async_lint.rules._timeouts.given import Given, given
from async_lint.rules._timeouts.other_methods import other_methods

# How the client of httpx sends one.
REQUESTS = frozenset({"delete", "get", "head", "options", "patch", "post", "put", "request", "send", "stream"})
_AS_THE_CLIENT_SAYS = "httpx.USE_CLIENT_DEFAULT"


class KeptClient(NamedTuple):
    """`nodes` are those of the function around, and for an attribute those of the other methods of its class."""

    holder: ast.Name | ast.Attribute
    nodes: Sequence[ast.AST]

    @property
    def name(self) -> str:
        return self.holder.id if isinstance(self.holder, ast.Name) else self.holder.attr

    def requests(self) -> list[ast.Call] | None:
        """Return the calls that wait for the peer; None where a method for that is taken and not called."""
        client = ast.unparse(self.holder)
        methods = [node for node in self.nodes if isinstance(node, ast.Attribute) and node.attr in REQUESTS]
        asked = {id(method) for method in methods if ast.unparse(method.value) == client}
        calls = [node for node in self.nodes if isinstance(node, ast.Call) and id(node.func) in asked]
        return calls if len(calls) == len(asked) else None


def kept_client(made: Site, view: ModuleView) -> KeptClient | None:
    """Return how the client that a call makes is kept; None unless it is bound to such a name alone."""
    around = view.project.above(made.node, made.frame)
    holder = _holder(made.node, around[-1]) if around else None
    if around is None or holder is None:
        return None
    users = [around[0]]
    if isinstance(holder, ast.Attribute):
        users += [method.whole() for method in other_methods(made.frame)]
    return KeptClient(holder, [node for user in users for node in descendants(user)])


def sets_its_own_limit(request: ast.Call, frame: Frame, view: ModuleView) -> bool:
    """Whether a request says for itself how long it may take, so that nothing of its client's is in force."""
    if given(request, {"timeout": -1}, (None,)) is not Given.SET:
        return False
    limit = next(keyword.value for keyword in request.keywords if keyword.arg == "timeout")
    as_the_client = _AS_THE_CLIENT_SAYS, view.names.canonical(_AS_THE_CLIENT_SAYS)
    return view.names.name_of(limit, frame) not in as_the_client


def _holder(made: ast.expr, parent: ast.AST) -> ast.Name | ast.Attribute | None:
    match parent:
        case ast.withitem(context_expr=client, optional_vars=ast.Name() as name) if client is made:
            return name
        case (
            ast.Assign(targets=[ast.Name() | ast.Attribute(value=ast.Name(id="self")) as target])
            | ast.AnnAssign(target=ast.Name() | ast.Attribute(value=ast.Name(id="self")) as target)
        ) if parent.value is made:
            return target
    return None
