"""Brings the archive up to date."""

from parcels.archive import Archive
from parcels.carrier import CarrierClient


class Tracker:
    def __init__(self, carrier: CarrierClient, archive: Archive) -> None:
        self.carrier = carrier
        self.archive = archive

    async def refresh(self) -> None:
        numbers = await self.archive.open_numbers()
        statuses = []
        for number in numbers:
            statuses.append(await self.carrier.status(number))
        for number, status in zip(numbers, statuses):
            self.archive.save(number, status)
