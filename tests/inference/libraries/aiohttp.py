import aiohttp
from aiohttp import ClientSession, web


async def fetch(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        session.get(url)  # expect: ASL101
        async with session.get(url) as response:
            response.json()  # expect: ASL101
            response.read()  # expect: ASL101
            response.content.readline()  # expect: ASL101
            response.raise_for_status()
            response.close()
        answer = await session.post(url)
        answer.text()  # expect: ASL101
        async with session.ws_connect(url) as socket:
            socket.send_str("a")  # expect: ASL101
            socket.close()  # expect: ASL101
    session.close()  # expect: ASL101


class Api:
    def __init__(self) -> None:
        self._session = ClientSession()

    async def ask(self) -> None:
        self._session.request("GET", "/")  # expect: ASL101
        self._session.close()  # expect: ASL101
        self._session.detach()


async def handle(request: web.Request) -> web.StreamResponse:
    request.json()  # expect: ASL101
    request.post()  # expect: ASL101
    response = web.StreamResponse()
    response.prepare(request)  # expect: ASL101
    response.write(b"a")  # expect: ASL101
    response.enable_compression()
    socket = web.WebSocketResponse()
    socket.prepare(request)  # expect: ASL101
    socket.send_json({})  # expect: ASL101
    return response


async def serve(application: web.Application) -> None:
    runner = web.AppRunner(application)
    runner.setup()  # expect: ASL101
    web.TCPSite(runner, "localhost", 80).start()  # expect: ASL101
    application.add_routes([])
    runner.cleanup()  # expect: ASL101


async def hang_up(connector: aiohttp.BaseConnector, pool: aiohttp.TCPConnector) -> None:
    connector.close()
    pool.close()  # expect: ASL101
