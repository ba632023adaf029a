"""The carrier's HTTP interface."""

import httpx


class CarrierError(Exception):
    """The carrier gave no usable answer."""


class CarrierClient:
    def __init__(self, base_url: str) -> None:
        self._http = httpx.AsyncClient(base_url=base_url)

    async def status(self, number: str) -> str:
        response = await self._http.get(f"/parcels/{number}")
        try:
            return str(response.json()["status"])
        except (KeyError, ValueError):
            raise CarrierError(f"{number}: no status in the answer")

    async def close(self) -> None:
        await self._http.aclose()
