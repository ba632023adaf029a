from litestar import Litestar, Request, WebSocket, get
from litestar.datastructures import UploadFile
from litestar.stores.memory import MemoryStore
from litestar.testing import AsyncTestClient


@get("/")
async def handler(request: Request, file: UploadFile) -> None:
    request.json()  # expect: ASL101
    request.body()  # expect: ASL101
    request.url_for("handler")
    file.read()  # expect: ASL101


async def talk(socket: WebSocket) -> None:
    socket.accept()  # expect: ASL101
    socket.send_json({})  # expect: ASL101
    socket.receive_text()  # expect: ASL101
    socket.close()  # expect: ASL101


async def check(application: Litestar, store: MemoryStore) -> None:
    async with AsyncTestClient(application) as client:
        client.get("/")  # expect: ASL101
    store.set("a", "b")  # expect: ASL101
    store.get("a")  # expect: ASL101
