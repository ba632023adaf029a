"""What is tried: operations that fail at once, again and again, while their peer is away."""

import ast
import re
from collections.abc import Sequence

from async_lint.inference.face import Frame, ModuleView
from async_lint.rules._cancellations.cancellation import own_nodes

# They raise as soon as the connection is closed or refused, and wait for nothing then.
_CONNECTIONS = (
    *("asyncio.open_connection", "asyncio.open_unix_connection", "asyncio.AbstractEventLoop.create_connection"),
    *("aiohttp.ClientSession.ws_connect", "websockets.connect", "websockets.asyncio.client.connect"),
    *("websockets.asyncio.client.ClientConnection.recv", "websockets.legacy.protocol.WebSocketCommonProtocol.recv"),
    *("redis.asyncio.client.PubSub.get_message", "redis.asyncio.client.PubSub.listen", "asyncpg.connect"),
    *("anyio.connect_tcp", "trio.open_tcp_stream", "aio_pika.connect", "starlette.websockets.WebSocket.receive_text"),
    *("starlette.websockets.WebSocket.receive_json", "starlette.websockets.WebSocket.receive_bytes"),
    *(f"aiohttp.ClientSession.{verb}" for verb in ("get", "post", "put", "patch", "delete", "head", "request")),
    *(f"httpx.AsyncClient.{verb}" for verb in ("get", "post", "put", "patch", "delete", "head", "request", "stream")),
)
_WORDS = frozenset(name.rpartition(".")[2] for name in _CONNECTIONS)
# Who is asked answers in their own time.
_ASKS = re.compile(r"input|prompt|ask|sleep|wait|queue", re.IGNORECASE)


def first_connection(body: Sequence[ast.stmt], frame: Frame, view: ModuleView) -> str | None:
    """Return the public name of what a `try` waits for first, where that needs a peer; None for anything else."""
    for call in _first_awaited(body):
        if view.names.last_word(call.func, frame) not in _WORDS:
            return None
        name = view.calls.kind_of(call, frame).name
        return next((known for known in _CONNECTIONS if name in (known, view.names.canonical(known))), None)
    return None


def waits_for_others(body: Sequence[ast.stmt]) -> bool:
    """Whether what is tried serves or waits for somebody, by its name, or awaits nothing at all."""
    nodes = list(own_nodes(body))
    # What iterates serves as long as there is something to serve: its end is no success.
    if any(isinstance(node, ast.AsyncFor | ast.While) for node in nodes):
        return True
    if not any(isinstance(node, ast.Await | ast.AsyncWith) for node in nodes):
        return True
    return any(isinstance(node, ast.Call) and _ASKS.search(ast.unparse(node.func)) for node in nodes)


def _first_awaited(body: Sequence[ast.stmt]) -> Sequence[ast.Call]:
    """Return the call that a block waits for first."""
    for node in own_nodes(body):
        match node:
            case ast.Await(value=ast.Call() as call):
                return [call]
            case ast.AsyncWith(items=[ast.withitem(context_expr=ast.Call() as call), *_]):
                return [call]
            case ast.AsyncFor(iter=ast.Call() as call):
                return [call]
            case ast.Await() | ast.AsyncWith() | ast.AsyncFor():
                return []
    return []
