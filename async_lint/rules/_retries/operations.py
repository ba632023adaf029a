"""What is tried: operations that fail at once, again and again, while their peer is away."""

import ast
import re
from collections.abc import Sequence

from async_lint.inference.face import Frame, ModuleView, Try
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
_DEEP = 3
_WORDS = frozenset(name.rpartition(".")[2] for name in _CONNECTIONS)
# Who is asked answers in their own time.
_ASKS = re.compile(r"input|prompt|ask|sleep|wait|queue", re.IGNORECASE)


def first_connection(body: Sequence[ast.stmt], frame: Frame, view: ModuleView, depth: int = _DEEP) -> str | None:
    """Return the public name of what a block waits for first, where that needs a peer; None for anything else.

    Functions of the project are followed.
    """
    call = _first_awaited(body)
    if call is None:
        return None
    if view.names.last_word(call.func, frame) in _WORDS:
        name = view.calls.kind_of(call, frame).name
        known = next((one for one in _CONNECTIONS if name in (one, view.names.canonical(one))), None)
        if known is not None:
            return known
    inside = view.project.body(call.func, frame) if depth else None
    return first_connection(*inside, view, depth - 1) if inside is not None else None


def waits_for_others(body: Sequence[ast.stmt]) -> bool:
    """Whether what is tried serves or waits for somebody, by its name, or awaits nothing at all."""
    nodes = list(own_nodes(body))
    # What iterates serves as long as there is something to serve: its end is no success.
    if any(isinstance(node, ast.AsyncFor | ast.While) for node in nodes):
        return True
    if not any(isinstance(node, ast.Await | ast.AsyncWith) for node in nodes):
        return True
    return any(isinstance(node, ast.Call) and _ASKS.search(ast.unparse(node.func)) for node in nodes)


def _first_awaited(body: Sequence[ast.stmt]) -> ast.Call | None:
    """Return the call that a block waits for first; None where a `try` of its own may keep the failure back."""
    nodes = list(own_nodes(body))
    kept = {id(node) for one in nodes if isinstance(one, Try) and one.handlers for node in own_nodes(one.body)}
    first = next((node for node in nodes if isinstance(node, ast.Await | ast.AsyncWith | ast.AsyncFor)), None)
    match first:
        case ast.Await(value=ast.Call() as call):
            pass
        case ast.AsyncWith(items=[ast.withitem(context_expr=ast.Call() as call), *_]):
            pass
        case ast.AsyncFor(iter=ast.Call() as call):
            pass
        case _:
            return None
    return call if id(first) not in kept else None
