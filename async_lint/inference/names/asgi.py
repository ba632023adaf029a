"""What the ASGI specification says of an application, `await app(scope, receive, send)`, by the names it gives.

https://asgi.readthedocs.io/en/latest/specs/main.html#applications: `receive` and `send` are awaitable callables.
"""

import ast

from async_lint.inference.syntax.binding import Function, last_name
from async_lint.inference.types.values import UNKNOWN, Callable, Coroutine, External, Type, Unknown

_NAMES = ["scope", "receive", "send"]


def parameter(function: Function, node: ast.arg, declared: Type) -> Type:
    """Return what `receive` and `send` of an application are where `declared` says too little; else `declared`."""
    if node.arg not in _NAMES[1:] or not function.is_async or not _says_little(declared):
        return declared
    names = [arg.arg for arg in (*function.node.args.posonlyargs, *function.node.args.args)]
    # The last three: a method has `self` before them.
    return Callable(Coroutine(UNKNOWN)) if names[-3:] == _NAMES else declared


def _says_little(declared: Type) -> bool:
    if isinstance(declared, Callable):
        return isinstance(declared.result, Unknown)
    # `receive: Receive` is the alias of a framework that need not be installed.
    return isinstance(declared, Unknown | External)


def is_call(call: ast.Call) -> bool:
    """Whether an application is called: `app(scope, self.receive, wrapped_send)`."""
    if len(call.args) != len(_NAMES) or call.keywords or _makes(call.func):
        return False
    return all(name in last_name(argument) for name, argument in zip(_NAMES, call.args, strict=True))


def _makes(callee: ast.expr) -> bool:
    """Whether a request is made: `Request(scope, receive, send)`, `super().__init__(scope, receive, send)`."""
    name = last_name(callee)
    return name == "__init__" or name[:1].isupper()
