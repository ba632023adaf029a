"""Clients and requests for server-sent events: the server says nothing as long as nothing happens.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

import ast
from collections.abc import Iterable, Iterator, Sequence

from async_lint.inference.face import ModuleView, Site, descendants
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.kept_client import kept_client, sets_its_own_limit

_EVENTS = "text/event-stream"
_DATA = frozenset({"data:", "data: "})
_PREFIXES = frozenset({"removeprefix", "startswith"})
_STREAM = "stream"


def is_for_events(made: Site, view: ModuleView) -> bool:
    """Whether a client is bound to a name under which only streams are opened, by code that reads or names events.

    A request with a limit of its own does not count.
    """
    client = kept_client(made, view)
    requests = client.requests() if client is not None else None
    if client is None or requests is None:
        return False
    opened = [request for request in requests if last_word(request) == _STREAM]
    others = (request for request in requests if request not in opened)
    if not opened or not all(sets_its_own_limit(request, made.frame, view) for request in others):
        return False
    return _are_for_events(opened, client.nodes)


def opens_events(request: Site, view: ModuleView) -> bool:
    """Whether a request asks for events, or opens a stream in a function that reads or names them."""
    if any(map(_names_events, _given(request, view))):
        return True
    around = view.project.above(request.node, request.frame)
    if not around or last_word(request.node) != _STREAM:
        return False
    return _are_for_events([request.node], descendants(around[0]))


def _given(request: Site, view: ModuleView) -> Iterator[ast.AST]:
    """Yield what a call is given, also by names: `headers = {"Accept": "text/event-stream"}`."""
    for value in [*request.node.args, *(keyword.value for keyword in request.node.keywords)]:
        yield from descendants(value)
        for source, _ in view.project.sources(value, request.frame).seen:
            yield from descendants(source)


def _are_for_events(opened: Iterable[ast.Call], nodes: Sequence[ast.AST]) -> bool:
    return any(map(_names_events, nodes)) or (all(map(_gets, opened)) and any(map(_reads_events, nodes)))


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
