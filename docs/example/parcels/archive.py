"""Statuses on disk, one JSON file a parcel."""

import asyncio
import json
from pathlib import Path


class Archive:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written = 0

    async def save(self, number: str, status: str) -> None:
        text = json.dumps({"number": number, "status": status})
        await asyncio.to_thread((self._folder / f"{number}.json").write_text, text)
        self._written += 1

    async def open_numbers(self) -> list[str]:
        paths = await asyncio.to_thread(lambda: sorted(self._folder.glob("*.json")))
        return [path.stem for path in paths]
