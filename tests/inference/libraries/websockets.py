import websockets
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.sync.client import connect as plain_connect


async def talk(uri: str) -> None:
    async with connect(uri) as socket:
        socket.send("a")  # expect: ASL101
        socket.recv()  # expect: ASL101
        socket.close()  # expect: ASL101
        async for message in socket:
            print(message)
    async with websockets.connect(uri) as other:
        other.send("a")  # expect: ASL101
    third = await connect(uri)
    third.ping()  # expect: ASL101
    async for again in connect(uri):
        again.wait_closed()  # expect: ASL101


async def handle(connection: ServerConnection) -> None:
    connection.send("a")  # expect: ASL101
    connection.respond(200, "a")


async def main() -> None:
    async with serve(handle, "localhost", 80) as server:
        server.serve_forever()  # expect: ASL101
        server.close()


def plain(uri: str) -> None:
    with plain_connect(uri) as socket:
        socket.send("a")
        socket.recv()
