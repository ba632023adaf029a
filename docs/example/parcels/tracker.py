"""Brings the archive up to date."""

import asyncio

from parcels.archive import Archive
from parcels.carrier import CarrierClient


class Tracker:
    def __init__(self, carrier: CarrierClient, archive: Archive) -> None:
        self.carrier = carrier
        self.archive = archive

    async def run(self, seconds: float) -> None:
        """Refresh the archive for ever, with a pause after each round."""
        while True:
            await self.refresh()
            await asyncio.sleep(seconds)

    async def refresh(self) -> None:
        numbers = await self.archive.open_numbers()
        statuses = []
        for number in numbers:
            statuses.append(await self.carrier.status(number))
        for saved, status in zip(numbers, statuses):
            self.archive.save(saved, status)
