import httpx
from httpx import AsyncClient


async def fetch(url: str) -> None:
    async with httpx.AsyncClient() as client:
        client.get(url)  # expect: ASL101
        client.post(url, json={})  # expect: ASL101
        response = await client.get(url)
        response.json()
        response.raise_for_status()
        async with client.stream("GET", url) as stream:
            stream.aread()  # expect: ASL101
            async for chunk in stream.aiter_bytes():
                print(chunk)
    client.aclose()  # expect: ASL101


class Api:
    def __init__(self, client: AsyncClient | None = None) -> None:
        self.client = client or AsyncClient()

    async def ask(self) -> None:
        self.client.request("GET", "/")  # expect: ASL101
        self.client.send(self.client.build_request("GET", "/"))  # expect: ASL101


def plain(url: str) -> None:
    httpx.get(url)
    with httpx.Client() as client:
        client.get(url)
    client.close()
