"""Addresses of the machine itself: a connection to one is made, or refused, at once, and no name server is asked."""

import ast

_OWN = frozenset(["localhost", "127.0.0.1", "::1"])


def is_to_itself(call: ast.Call) -> bool:
    """Whether the host that a call is given is written out, and this machine: `connect(("localhost", 80))`."""
    match call.args:
        case [ast.Tuple(elts=[ast.Constant(value=host), *_]), *_] | [ast.Constant(value=host), *_]:
            return host in _OWN
    return False
