"""Which handler of a `try` takes what an operation raises while its peer is away.

except ConnectionClosed:                the error of `recv` ends here,
    await self.connect()
except Exception:                       and never gets here
    log.exception("cannot read")
"""

import ast

from async_lint.inference.face import Frame, Lineage, ModuleView

_REFUSED = frozenset({"builtins.OSError", "builtins.ConnectionError", "builtins.ConnectionRefusedError"})
_CLOSED = frozenset({"websockets.ConnectionClosed", "websockets.WebSocketException"})
_AIOHTTP = ("ClientError", "ClientConnectionError", "ClientOSError", "ClientConnectorError")
_HTTPX = ("HTTPError", "RequestError", "TransportError", "NetworkError", "ConnectError")
# The classes of the error and its bases, without the modules within a package, by how the public name of the operation
# begins. Starlette's websocket is not among them: it raises something else from the second time on.
_ERRORS = {
    "websockets.asyncio.client.ClientConnection.": _CLOSED,
    "websockets.legacy.": _CLOSED,
    "websockets.": _REFUSED,
    "asyncio.": _REFUSED,
    "asyncpg.": _REFUSED,
    "anyio.": _REFUSED,
    "trio.": _REFUSED,
    "redis.": frozenset({"redis.ConnectionError", "redis.RedisError"}),
    "aiohttp.": frozenset({*(f"aiohttp.{name}" for name in _AIOHTTP), "builtins.OSError"}),
    "httpx.": frozenset(f"httpx.{name}" for name in _HTTPX),
}


def handler_of(
    connection: str, attempt: ast.Try, last: ast.ExceptHandler, frame: Frame, view: ModuleView
) -> ast.ExceptHandler:
    """Return the first handler, down to `last`, that takes the error of an operation, or else `last`."""
    errors = next((names for begin, names in _ERRORS.items() if connection.startswith(begin)), frozenset[str]())
    for handler in attempt.handlers[: attempt.handlers.index(last)]:
        classes = view.exceptions.classes_of(handler.type, frame) if handler.type is not None else ()
        if not errors.isdisjoint(map(_public, classes)):
            return handler
    return last


def _public(lineage: Lineage) -> str:
    """Return the name of a class in its package: `aiohttp.client_exceptions.ClientError` is `aiohttp.ClientError`."""
    own = lineage.own or ""
    return f"{own.partition('.')[0]}.{own.rpartition('.')[2]}"
