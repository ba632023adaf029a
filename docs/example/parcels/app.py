"""Runs the tracker until it is told to stop."""

import asyncio
import signal
from pathlib import Path

from parcels.archive import Archive
from parcels.carrier import CarrierClient
from parcels.tracker import Tracker


async def report(host: str, line: str) -> None:
    """Send one line to the metrics server, and wait for its answer."""
    reader, writer = await asyncio.open_connection(host, 8125)
    writer.write(line.encode())
    print(await reader.readline())
    writer.close()
    await writer.wait_closed()


async def main() -> None:
    carrier = CarrierClient("https://carrier.example")
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, carrier.close)
    asyncio.create_task(report("metrics", "parcels.started:1|c"))
    await Tracker(carrier, Archive(Path("parcels"))).run(seconds=60)


if __name__ == "__main__":
    asyncio.run(main())
