"""Clients for server-sent events alone: the server says nothing as long as nothing happens.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

import ast
from collections.abc import Iterator

from async_lint.inference.face import Frame, ModuleView, Site, descendants
from async_lint.rules._timeouts.other_methods import other_methods

_EVENTS = "text/event-stream"
_DATA = frozenset({"data:", "data: "})
_PREFIXES = frozenset({"removeprefix", "startswith"})
_STREAM = "stream"
_REQUESTS = frozenset({"delete", "get", "head", "options", "patch", "post", "put", "request", "send", _STREAM})


def is_for_events(made: Site, view: ModuleView) -> bool:
    """Whether a client is bound to a name under which only streams are opened, by code that reads or names events."""
    around = view.project.above(made.node, made.frame)
    holder = _holder(made.node, around[-1]) if around else None
    if around is None or holder is None:
        return False
    users = [node for user in _users(holder, around[0], made.frame) for node in descendants(user)]
    client = ast.unparse(holder)
    used = [node for node in users if isinstance(node, ast.Attribute) and node.attr in _REQUESTS]
    requests = {id(node): node.attr for node in used if ast.unparse(node.value) == client}
    if set(requests.values()) != {_STREAM}:
        return False
    opened = [node for node in users if isinstance(node, ast.Call) and id(node.func) in requests]
    return any(map(_names_events, users)) or (all(map(_gets, opened)) and any(map(_reads_events, users)))


def _holder(made: ast.expr, parent: ast.AST) -> ast.expr | None:
    match parent:
        case ast.withitem(context_expr=client, optional_vars=ast.Name() as name) if client is made:
            return name
        case ast.Assign(targets=[ast.Name() | ast.Attribute(value=ast.Name(id="self")) as target]) if (
            parent.value is made
        ):
            return target
    return None


def _users(holder: ast.expr, function: ast.AST, frame: Frame) -> Iterator[ast.AST]:
    yield function
    if isinstance(holder, ast.Attribute):
        yield from (method.whole() for method in other_methods(frame))


def _names_events(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(_EVENTS)


def _gets(call: ast.Call) -> bool:
    """Whether a stream is asked for by GET: what is posted has an answer, which is written in such lines as well."""
    match call.args:
        case [ast.Constant(value=str(method)), *_]:
            return method.upper() == "GET"
    return False


def _reads_events(node: ast.AST) -> bool:
    """Whether a node looks for the field of a line that holds what has happened."""
    match node:
        case ast.Call(func=ast.Attribute(attr=method), args=[ast.Constant(value=str(prefix))]) if method in _PREFIXES:
            return prefix in _DATA
    return False
