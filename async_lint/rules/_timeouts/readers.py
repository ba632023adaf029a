"""Streams and sockets whose other end is in this program or on this machine: a pair, a pipe, the terminal."""

import ast

from async_lint.inference.face import ModuleView, Site, descendants
from async_lint.rules._timeouts.given import last_word
from async_lint.rules._timeouts.parameter import parameter
from async_lint.rules._timeouts.waits import Unbounded

_READER = "asyncio.StreamReader"
_SOCKETS = "asyncio.AbstractEventLoop.sock_"
_LOCAL_SOCKETS = ("socketpair(", "AF_UNIX")
_CONNECTING = frozenset({"create_connection", "connect_accepted_socket", "start_tls"})
_DEEP = 4


def is_local(unlimited: Unbounded, site: Site, view: ModuleView) -> bool:
    """Whether a call reads a stream that the program made itself, and that no connection is seen to feed.

    Such a reader is fed by `connect_read_pipe`, from standard input or a terminal, or by hand. The other end of a
    socket may be the program's too, or on this machine.
    """
    if unlimited.name.startswith(_SOCKETS):
        # Which of a module's sockets these are, unpacking and attributes hide.
        return any(word in site.frame.module.text for word in _LOCAL_SOCKETS)
    if not unlimited.name.startswith(f"{_READER}.") or not isinstance(site.node.func, ast.Attribute):
        return False
    return _is_local(site.node.func.value, Site(site.node, site.frame), view, _DEEP)


def _is_local(reader: ast.expr, at: Site, view: ModuleView, depth: int) -> bool:
    made = view.project.origins(reader, at.frame)
    if made is None or depth == 0:
        return depth > 0 and _is_given_local(reader, at, view, depth)
    # One such origin among several is enough to say nothing.
    return any(_makes_local(site, view, depth) for site in made)


def _makes_local(site: Site, view: ModuleView, depth: int) -> bool:
    if last_word(site.node) == "StreamReader":
        name = view.calls.kind_of(site.node, site.frame).name
        around = view.project.above(site.node, site.frame)
        fed = (last_word(node) for node in descendants(around[0]) if isinstance(node, ast.Call)) if around else ()
        return name in (_READER, view.names.canonical(_READER)) and not _CONNECTING.intersection(fed)
    return any(
        _is_local(value, Site(site.node, frame), view, depth - 1) for value, frame in view.project.results(site) or ()
    )


def _is_given_local(reader: ast.expr, at: Site, view: ModuleView, depth: int) -> bool:
    """Whether a reader is a parameter, for which a caller gives such a stream."""
    known = parameter(reader, at.frame)
    if known is None:
        return False
    given = ((known.given(caller.site.node), caller.site) for caller in view.project.callers(at.frame))
    return any(value is not None and _is_local(value, site, view, depth - 1) for value, site in given)
